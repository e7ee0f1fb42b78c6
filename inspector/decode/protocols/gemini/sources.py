"""What a Gemini answer rests on: grounding, citations and fetched pages; and how probable its tokens were.

https://ai.google.dev/api/generate-content#GroundingMetadata
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.decode import lenient
from inspector.model import Citation, Json, Token
from inspector.model.delta import CitationDelta, Delta, TokensDelta

_CHUNKS = (("web", "web"), ("retrieved_context", "retrievedContext"), ("maps", "maps"), ("image", "image"))


def sources(candidate: dict[str, Any], choice: int) -> Iterator[Delta]:
    """The citations of one candidate, or of a turn of a live session."""
    if grounding := lenient.obj(lenient.either(candidate, "grounding_metadata", "groundingMetadata")):
        yield from _grounding(grounding, choice)
    if cited := lenient.obj(lenient.either(candidate, "citation_metadata", "citationMetadata")):
        for item in lenient.seq(lenient.either(cited, "citation_sources", "citationSources") or cited.get("citations")):
            yield CitationDelta(_recited(lenient.obj(item)), choice, None, "")
    fetched = lenient.obj(lenient.either(candidate, "url_context_metadata", "urlContextMetadata"))
    for item in lenient.seq(lenient.either(fetched, "url_metadata", "urlMetadata")):
        page = lenient.obj(item)
        address = lenient.maybe(lenient.either(page, "retrieved_url", "retrievedUrl"))
        if address and lenient.string(lenient.either(page, "url_retrieval_status", "urlRetrievalStatus")).endswith(
            "SUCCESS"
        ):
            yield CitationDelta(Citation(None, None, address, None), choice, None, "")


def _grounding(raw: dict[str, Any], choice: int) -> Iterator[Delta]:
    """Every source, and the words that rest on it where that is told. Words are counted in bytes of UTF-8."""
    found = [_source(item) for item in lenient.seq(lenient.either(raw, "grounding_chunks", "groundingChunks"))]
    for item in lenient.seq(lenient.either(raw, "grounding_supports", "groundingSupports")):
        support = lenient.obj(item)
        segment = lenient.obj(support.get("segment"))
        start = lenient.count(lenient.either(segment, "start_index", "startIndex")) or 0
        for number in lenient.seq(lenient.either(support, "grounding_chunk_indices", "groundingChunkIndices")):
            source = found[number] if type(number) is int and 0 <= number < len(found) else None
            if source is not None:
                end = lenient.count(lenient.either(segment, "end_index", "endIndex"))
                citation = source._replace(start=start, end=end)
                yield CitationDelta(citation, choice, None, lenient.string(segment.get("text")))
    for source in filter(None, found):
        yield CitationDelta(source, choice, None, "")


def _source(raw: Json) -> Citation | None:
    for snake, camel in _CHUNKS:
        if source := lenient.obj(lenient.either(lenient.obj(raw), snake, camel)):
            break
    else:
        return None
    address = lenient.maybe(source.get("uri")) or lenient.maybe(lenient.either(source, "source_uri", "sourceUri"))
    store = lenient.maybe(lenient.either(source, "document_name", "documentName"))
    store = store or lenient.maybe(lenient.either(source, "file_search_store", "fileSearchStore"))
    return Citation(None, None, address, lenient.maybe(source.get("title")) or store, lenient.maybe(source.get("text")))


def _recited(raw: dict[str, Any]) -> Citation:
    """A stretch of the answer that stands in a known work."""
    start = lenient.count(lenient.either(raw, "start_index", "startIndex"))
    end = lenient.count(lenient.either(raw, "end_index", "endIndex"))
    title = lenient.maybe(raw.get("title")) or lenient.maybe(raw.get("license"))
    return Citation(start or 0 if end is not None else start, end, lenient.maybe(raw.get("uri")), title)


def tokens(candidate: dict[str, Any], choice: int) -> Iterator[Delta]:
    """The chosen tokens, each with the likeliest ones in its place."""
    result = lenient.obj(lenient.either(candidate, "logprobs_result", "logprobsResult"))
    chosen = lenient.seq(lenient.either(result, "chosen_candidates", "chosenCandidates"))
    places = lenient.seq(lenient.either(result, "top_candidates", "topCandidates"))
    found = []
    for at, item in enumerate(chosen):
        others = lenient.seq(lenient.obj(places[at]).get("candidates")) if at < len(places) else ()
        if token := _token(item):
            found.append(Token(*token, tuple(filter(None, map(_token, others)))))
    if found:
        yield TokensDelta(tuple(found), choice)


def _token(raw: Json) -> tuple[str, float] | None:
    item = lenient.obj(raw)
    text, logprob = item.get("token"), lenient.either(item, "log_probability", "logProbability")
    number = isinstance(logprob, (int, float)) and not isinstance(logprob, bool)
    return (text, float(logprob)) if isinstance(text, str) and number else None
