"""Logs of Inspect AI: one JSON file and an archive say the same, and what is kept once is put back."""

from __future__ import annotations

import json
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zstandard

from inspector import formats
from inspector.decode import decoder
from inspector.files import archives
from inspector.files.unpacking import content
from inspector.formats.reading.source import Source
from inspector.model import Text
from tests.making import SAMPLES, library

FOLDER = SAMPLES / "other" / "inspect-ai"
(LOG,) = (FOLDER / "logs").iterdir()
(SAMPLE,) = (FOLDER / "samples").iterdir()


def read(value: Any, name: str = "logs/night.json") -> formats.Recording:
    return formats.read(Source(name, json.dumps(value).encode()))


def archive(samples: list[Any], **names: Any) -> bytes:
    """A log as an archive, without its header, as that of a run that goes on."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as log:
        log.writestr("_journal/start.json", json.dumps({"version": 2, "eval": {"task": "fog_watch"}}))
        for sample in samples:
            log.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample))
    return file.getvalue()


def packed_with_zstandard(name: str, data: bytes) -> bytes:
    """An archive of one file with method 93, which `zipfile` cannot write."""
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w") as log:
        log.writestr(name, zstandard.ZstdCompressor().compress(data))
    made = bytearray(plain.getvalue())
    central = made.index(b"PK\x01\x02")
    struct.pack_into("<H", made, 8, 93)
    struct.pack_into("<H", made, central + 10, 93)
    for at in (22, central + 24):
        struct.pack_into("<I", made, at, len(data))
    return bytes(made)


def test_an_archive_says_what_the_file_says(tmp_path: Path) -> None:
    log = json.loads(LOG.read_bytes())
    (tmp_path / "night.eval").write_bytes(archive(log["samples"]))
    shelf = library(tmp_path)
    shelf.refresh()
    rows = list(shelf.index.rows())
    assert {row.session for row in rows} == {None}  # each has a file of its own
    assert {row.path for row in rows} == {f"night.eval/samples/{name}_epoch_1.json" for name in ("1", "fog")}
    whole = formats.read(Source("night.json", LOG.read_bytes())).exchanges
    assert {one.session for one in whole} == {"night/1_epoch_1", "night/fog_epoch_1"}
    assert len(rows) == len(whole)


def test_a_file_that_is_only_called_so_is_no_archive() -> None:
    assert list(archives.members("notes.eval", BytesIO(b"evaluate the lamp"))) == []


def test_samples_packed_with_zstandard_are_read() -> None:
    whole = SAMPLE.read_bytes()
    data = packed_with_zstandard("samples/2_epoch_1.json", whole)
    (member,) = archives.members("night.eval", BytesIO(data))
    assert content(member) == whole
    data = packed_with_zstandard("samples/2_epoch_1.json", whole[:-5])
    broken = data.replace(struct.pack("<I", len(whole) - 5), struct.pack("<I", len(whole)))
    (member,) = archives.members("night.eval", BytesIO(broken))
    with pytest.raises(Exception, match="announced"):
        content(member)


def test_pointers_are_followed_and_those_that_lead_nowhere_stay() -> None:
    log = json.loads(LOG.read_bytes())
    first, *_ = read(log).exchanges
    (lead,) = decoder.decode(first).prompt.messages[0].parts
    assert isinstance(lead, Text)
    assert lead.content.startswith("You keep the fog bell")
    log["samples"][0]["attachments"] = {}
    first, *_ = read(log).exchanges
    (lead,) = decoder.decode(first).prompt.messages[0].parts
    assert isinstance(lead, Text)
    assert lead.content.startswith("attachment://")


def test_scores_stand_beside_the_answer_of_the_sample() -> None:
    judged = {one.entry: one.expectation for one in formats.read(Source("a", LOG.read_bytes())).exchanges}
    assert {entry: [said.text for said in one.asserts] for entry, one in judged.items() if one} == {
        2: ["includes: C", "target: 7"],
        4: ["match: I", 'target: ["yes"]'],
    }


def test_a_tool_hangs_on_the_answer_that_called_it() -> None:
    for file in (LOG, SAMPLE):
        exchanges = formats.read(Source("a", file.read_bytes())).exchanges
        assert [one.called_from in exchanges[0].known_as for one in exchanges if one.called_from] == [True]


@pytest.mark.parametrize(("total", "asked"), [(8, 5), (10, 7)])
def test_input_from_the_cache_is_part_of_the_input(total: int, asked: int) -> None:
    sample = json.loads(SAMPLE.read_bytes())
    sample["events"][0]["output"]["usage"]["total_tokens"] = total
    usage = decoder.decode(read(sample).exchanges[0]).usage
    assert usage is not None
    assert (usage.input_tokens, usage.cache_read_input_tokens) == (asked, 2)


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {}, {"message": 1}])
def test_any_value_may_stand_anywhere(value: Any) -> None:
    """What is wrong with an event costs the others nothing."""
    for key in ("input", "tools", "config", "output", "call", "input_refs", "timestamp", "model"):
        sample = json.loads(SAMPLE.read_bytes())
        sample["events"][0][key] = value
        assert len(read(sample).exchanges) == 4
    for key in ("attachments", "events_data", "scores", "output", "messages"):
        sample = {**json.loads(SAMPLE.read_bytes()), key: value}
        assert len(read(sample).exchanges) == 4


def test_events_of_kinds_that_nobody_knows_are_counted() -> None:
    sample = json.loads(SAMPLE.read_bytes())
    sample["events"] += [{"event": "foghorn"}, {"event": "foghorn"}]
    assert "not understood: 2 of type foghorn" in [problem.why for problem in read(sample).exchanges[0].problems]
