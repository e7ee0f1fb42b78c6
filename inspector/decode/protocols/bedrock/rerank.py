"""Reranking by Bedrock's InvokeModel: which documents answer a query, by Cohere's and Amazon's models.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-rerank.html
"""

from __future__ import annotations

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.bedrock import address as bedrock_path
from inspector.decode.protocols.cohere import rerank as cohere_rerank

NAME = cohere_rerank.NAME
OPERATION = cohere_rerank.OPERATION


def recognise(evidence: Evidence) -> bool:
    """By the model's name, which says it, or by what is asked of it or answered."""
    model, asked = bedrock_path.asked(evidence.path)
    results = lenient.seq(evidence.first.get("results"))
    ranked = bool(results) and "relevance_score" in lenient.obj(results[0])
    return asked == "invoke" and ("rerank" in (model or "") or ranked or {"query", "documents"} <= evidence.body.keys())


prompt = cohere_rerank.prompt
deltas = cohere_rerank.deltas
usage = cohere_rerank.usage
counts_in = bedrock_path.counts_in
