"""What is copied says what was recorded: commands and programs send it again, and no secret is in any of them."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from markdown_it import MarkdownIt

from inspector.files.roots import roots_of
from inspector.formats import read
from inspector.formats.reading.source import Source
from inspector.library import reader
from inspector.model import Body, Exchange, Request, Response
from inspector.output import copyas, otel_json
from inspector.output.copyas import FORMS, python_anthropic, python_openai
from inspector.output.copyas.sendable import sent
from inspector.output.copyas.variables import Secrets, name_of
from inspector.redaction import decoded
from tests.making import SAMPLES, chat

CHAT = "https://api.openai.com/v1/chat/completions"
HOSTILE = (
    "it's \"quoted\" `id` $(id) $HOME ${HOME} !! !$ \\ \\n % %s %% {x} {{y}} ; rm -rf / # & | > < * ?",
    "\n", "a\nEOF\nb", "'", "''", '"""', "\\'", "'\\''", "$'\\x41'", "\x1b[2J\x07\x7f\x9b",
    "\u202eevil\u2066\u200b\ufeff",
    "\ud800 half a character \udfff", "😀 \U000e0041 é ü 日本", "‹masked 0› ‹masked›", "\r\n\t\v\f", "f'{os.environ}'",
    "os.environ['HOME']", "\\N{BULLET} \\u0041 \\x41", "-d @/etc/passwd", "@/etc/passwd", "x" * 300, "",
)  # fmt: skip
PLANTED = "sk-planted0123456789abcdefghijklmnop"
OTHER = "Zz9-other-secret-0123456789"


def exchange(
    body: Any = None, url: str = CHAT, headers: dict[str, str] | None = None, method: str = "POST"
) -> Exchange:
    kept = body if isinstance(body, Body) or body is None else Body("value", body)
    asked = Request(method, url, tuple((headers or {}).items()), kept)
    return Exchange(entry=0, request=asked, response=Response(200, (), Body("value", {"choices": []})))


def subject(recorded: Exchange, format: str = "har", file: copyas.File | None = None) -> copyas.Subject:
    found, call = decoded.masked(recorded, Secrets().found)
    place = otel_json.place("0" * 16, "a.json", 0, format, "file", "a.json")
    return copyas.Subject(found, call, place, sent(found, call, format), file)


def written(recorded: Exchange, format: str = "har") -> dict[str, str]:
    return {one.form.name: one.text for one in copyas.copies(subject(recorded, format))}


def asking(text: Any, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}], **more}


# ---------------------------------------------------------------- sent again


class Stub(ThreadingHTTPServer):
    """A server that notes what it is asked."""

    asked: list[tuple[str, str, dict[str, str], bytes]]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = do_POST

    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with Stub(("127.0.0.1", 0), _Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run_in_bash(command: str, folder: Path, **variables: str) -> None:
    script = folder / "command.sh"
    script.write_bytes(command.encode("utf-8", "surrogateescape"))
    done = subprocess.run(["bash", script], cwd=folder, env=os.environ | variables, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def run_in_python(program: str, **variables: str) -> None:
    pytest.importorskip("httpx")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
        for name, value in variables.items():
            patch.setenv(name, value)
        exec(compile(program, "program", "exec"), {})


BODIES: dict[str, Body] = {
    "hostile": Body("value", {"texts": list(HOSTILE), "keys": {text: [text] for text in HOSTILE}}),
    "numbers": Body("value", {"n": [1, -1.5, 1e300, 2**70, True, None, {}, []]}),
    "empty": Body("value", {}),
    "list": Body("value", []),
    "long": Body("value", asking("it's $long `x` \\ " * 20_000)),
    "deep": Body("value", json.loads('{"a":' * 150 + "[1]" + "}" * 150)),
    "JSON text": Body("text", '{ "a": "\\u0000 \'x\'",\n "b": "\\ud83d\\ude00" }'),
    "no JSON": Body("text", "a=1&b='2'\n$HOME `id` !x\\\t%41"),
    "with NUL": Body("text", "a\0b'c%d\\e $HOME\n\x1b[0m"),
    "long text": Body("text", "line 'x' $HOME\n" * 20_000),
}


@pytest.mark.skipif(which("curl") is None or which("bash") is None, reason="needs curl and bash")
@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("form", ["curl", "httpx"])
def test_what_was_sent_is_sent_again(form: str, name: str, stub: Stub, tmp_path: Path) -> None:
    body = BODIES[name]
    headers = {"X-Odd": 'it\'s $HOME `x` "y" \\ {z} !', "x-empty": "", "Authorization": f"Bearer {PLANTED}"}
    recorded = exchange(body, f"{stub.base}/v1/a%20b?q='x'&r=[1]{{2}}$y", headers)
    text = written(recorded)[form]
    stub.asked.clear()
    if form == "curl":
        run_in_bash(text, tmp_path, API_KEY="key")
    else:
        run_in_python(text, API_KEY="key")
    ((method, path, got, sent_body),) = stub.asked
    assert (method, path.partition("?")[0]) == ("POST", "/v1/a%20b")
    assert (
        path.replace("%27", "'")
        .replace("%5B", "[")
        .replace("%5D", "]")
        .replace("%7B", "{")
        .replace("%7D", "}")
        .endswith("?q='x'&r=[1]{2}$y")
    )
    assert got["x-odd"] == headers["X-Odd"]
    assert got["x-empty"] == ""
    assert got["authorization"] == "Bearer key"
    value = json.loads(body.value) if name == "JSON text" else body.value
    assert (json.loads(sent_body) if name not in ("no JSON", "with NUL", "long text") else sent_body.decode()) == value


@pytest.mark.skipif(which("curl") is None or which("bash") is None, reason="needs curl and bash")
@pytest.mark.parametrize("form", ["curl", "httpx"])
def test_bytes_come_from_a_file(form: str, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 10
    (tmp_path / "request.bin").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    text = written(exchange(Body("bytes", data), f"{stub.base}/x", {"content-type": "audio/wav"}))[form]
    stub.asked.clear()
    if form == "curl":
        run_in_bash(text, tmp_path)
    else:
        run_in_python(
            text.replace('open("request.bin", "rb").read()', '__import__("pathlib").Path("request.bin").read_bytes()')
        )
    assert (stub.asked[0][3], stub.asked[0][2]["content-type"]) == (data, "audio/wav")


@pytest.mark.skipif(which("curl") is None or which("bash") is None, reason="needs curl and bash")
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_without_a_body(method: str, stub: Stub, tmp_path: Path) -> None:
    forms = written(exchange(None, f"{stub.base}/v1/models", method=method))
    for run in (lambda: run_in_bash(forms["curl"], tmp_path), lambda: run_in_python(forms["httpx"])):
        stub.asked.clear()
        run()
        assert [(asked[0], asked[1], asked[3]) for asked in stub.asked] == [(method, "/v1/models", b"")]


# ---------------------------------------------------------------- SDKs


def arguments(program: str, function: str) -> dict[str, Any]:
    """The arguments of a call in a program, with environment variables as ``$NAME``."""
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function:
            return {str(word.arg): _value(word.value) for word in node.keywords}
    raise AssertionError(program)


def _value(node: ast.expr) -> Any:
    text = re.sub(r"os\.environ\[(['\"])(\w+)\1\]", r"'$\2'", ast.unparse(node))
    return eval(text, {"json": json})  # our own text


def body_of(program: str, function: str) -> dict[str, Any]:
    given = arguments(program, function)
    rest = given.pop("extra_body", {})
    return {name: value for name, value in given.items() if not name.startswith("extra_")} | rest


OPENAI = {
    "/chat/completions": ("chat.completions.create", asking("Hi", stream=True, top_k=7, **{"odd name": [1]})),
    "/responses": ("responses.create", {"model": "o3", "input": [{"content": "it's {x}"}], "store": None}),
    "/embeddings": ("embeddings.create", {"model": "e", "input": ["a", "b"], "encoding_format": "float"}),
    "/completions": ("completions.create", {"model": "c", "prompt": "Once\nupon a time " * 9, "min_p": 0.1}),
    "/moderations": ("moderations.create", {"input": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("path", OPENAI)
def test_the_sdk_of_openai_is_given_the_body(path: str) -> None:
    function, body = OPENAI[path]
    program = written(exchange(body, f"https://api.openai.com/v1{path}", {"authorization": f"Bearer {PLANTED}"}))[
        "openai"
    ]
    assert body_of(program, f"client.{function}") == body
    assert arguments(program, "OpenAI") == {"api_key": "$OPENAI_API_KEY"}
    assert ("for event in stream" in program) is bool(body.get("stream"))


def test_the_sdk_of_anthropic_is_given_the_body() -> None:
    body = {
        **asking([{"type": "text", "text": text} for text in HOSTILE if text.isprintable() and "environ" not in text]),
        "max_tokens": 32_000,
        "top_k": 3,
    }
    headers = {"x-api-key": PLANTED, "anthropic-version": "2023-06-01", "anthropic-beta": "a,b", "user-agent": "x"}
    program = written(exchange(body, "https://api.anthropic.com/v1/messages?beta=true", headers))["anthropic"]
    assert body_of(program, "client.messages.create") == body
    given = arguments(program, "client.messages.create")
    assert (given["extra_headers"], given["extra_query"]) == ({"anthropic-beta": "a,b"}, {"beta": "true"})
    assert arguments(program, "Anthropic") == {"api_key": "$ANTHROPIC_API_KEY", "timeout": 600}


@pytest.mark.parametrize(
    ("url", "client", "given"),
    [
        ("http://127.0.0.1:1/v1/chat/completions", "OpenAI", {"base_url": "http://127.0.0.1:1/v1", "api_key": "none"}),
        (
            "https://x.openai.azure.com/openai/deployments/mine/chat/completions?api-version=2024-10-21",
            "AzureOpenAI",
            {
                "azure_endpoint": "https://x.openai.azure.com", "azure_deployment": "mine", "api_version": "2024-10-21",
                "api_key": "$AZURE_OPENAI_API_KEY",
            },
        ),
        ("/v1/chat/completions", "OpenAI", {"base_url": "$BASE_URL/v1", "api_key": "$OPENAI_API_KEY"}),
    ],
)  # fmt: skip
def test_other_servers(url: str, client: str, given: dict[str, str]) -> None:
    program = written(exchange(asking("Hi"), url))["openai"]
    assert {name: value.replace("'", "") for name, value in arguments(program, client).items()} == given


@pytest.mark.parametrize("module", [python_openai, python_anthropic])
def test_methods_know_what_they_require(module: Any) -> None:
    assert all(set(method.required) <= method.known for method in module.METHODS)


def test_only_forms_that_fit() -> None:
    assert list(written(exchange(asking("Hi")))) == ["curl", "openai", "httpx", "show", "markdown"]
    claude = {**asking("Hi"), "max_tokens": 5}
    assert "anthropic" in written(exchange(claude, "https://api.anthropic.com/v1/messages"))
    assert "openai" not in written(exchange({"messages": 1}, CHAT))
    for url in (
        "",
        "vertexai://x/y",
        "wss://api.openai.com/v1/realtime",
        "{{host}}/v1/x",
        "http://[bad",
        "javascript:x",
    ):
        assert list(written(exchange(asking("Hi"), url))) == ["show", "markdown"], url


def test_a_half_character_is_only_sent_where_it_can_be() -> None:
    forms = written(exchange(asking("\ud800")))
    assert "openai" not in forms
    assert "content=json.dumps(" in forms["httpx"]


# ---------------------------------------------------------------- addresses and secrets


@pytest.mark.parametrize(
    ("recorded", "called"),
    [
        ("https://api.openai.com/v1/v1/chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("https://x.ibm.com/ml/v1/v1/chat/completions?v=/v1/v1/", "https://x.ibm.com/ml/v1/chat/completions?v=/v1/v1/"),
        ("https://g.com/v1beta/openai/v1/models", "https://g.com/v1beta/openai/models"),
        ("http://0.0.0.0:11434/v1/chat/completions", "http://0.0.0.0:11434/v1/chat/completions"),
    ],
)
def test_the_address_that_can_be_called(recorded: str, called: str) -> None:
    one = subject(exchange({}, recorded), "llama-stack").sent
    assert one is not None
    assert one.url == called
    other = subject(exchange({}, recorded), "har").sent
    assert other is not None
    assert other.url == recorded


@pytest.mark.parametrize(
    ("place", "provider", "name"),
    [
        ("Authorization", "openai", "OPENAI_API_KEY"),
        ("x-api-key", "anthropic", "ANTHROPIC_API_KEY"),
        ("authorization", "anthropic", "ANTHROPIC_AUTH_TOKEN"),
        ("key", "gcp.gemini", "GEMINI_API_KEY"),
        ("authorization", "groq", "GROQ_API_KEY"),
        ("authorization", "aws.bedrock", "AWS_BEARER_TOKEN_BEDROCK"),
        ("authorization", None, "API_KEY"),
        ("X-Auth-Token", "openai", "X_AUTH_TOKEN"),
        ("openai-organization", "openai", "OPENAI_ORG_ID"),
        ("PATH", "openai", "PATH_SECRET"),
        ("9 lives' $(token)", None, "_9_LIVES_TOKEN"),
        ("", None, "SECRET"),
    ],
)
def test_names_of_variables(place: str, provider: str | None, name: str) -> None:
    assert name_of(place, provider) == name


def test_no_secret_is_copied() -> None:
    said = {
        **asking(f"curl -H 'Authorization: Bearer {PLANTED}'"),
        "api_key": OTHER,
        "nested": json.dumps({"headers": {"x-api-key": OTHER}, "text": f"export OPENAI_API_KEY={PLANTED}"}),
        "again": json.dumps(json.dumps({"password": OTHER})),
        PLANTED: "as a name",
    }
    headers = {
        "Authorization": f"Bearer {PLANTED}", "X-Second-Token": OTHER, "Cookie": f"session={OTHER}",
        "Proxy-Authorization": f"Basic {OTHER}", "x-note": f"uses {PLANTED} here", "OpenAI-Organization": OTHER,
    }  # fmt: skip
    url = f"https://user:{OTHER}@api.openai.com/v1/chat/completions?api_key={OTHER}&x={PLANTED}"
    for body in (Body("value", said), Body("text", json.dumps(said)), Body("text", f"key={OTHER}&x=Bearer {PLANTED}")):
        forms = written(exchange(body, url, headers))
        assert {"curl", "httpx", "show", "markdown"} <= forms.keys()
        for name, text in forms.items():
            where = text.replace(f'"{PLANTED}": "as a name"', "")  # a key of an object is never masked
            assert OTHER not in where, name
            assert PLANTED not in re.sub(rf'\\*"{PLANTED}\\*"', "", where), name


def test_the_same_secret_is_the_same_variable() -> None:
    body = {**asking(f"mine is {PLANTED}, she said"), "password": OTHER}
    forms = written(exchange(body, CHAT, {"authorization": f"Bearer {PLANTED}", "x-token": OTHER}))
    assert '-H "authorization: Bearer $OPENAI_API_KEY"' in forms["curl"]
    assert "mine is '\"$OPENAI_API_KEY\"', she said" in forms["curl"]
    assert "f\"mine is {os.environ['OPENAI_API_KEY']}, she said\"" in forms["httpx"]
    assert '"password": os.environ["X_TOKEN"]' in forms["httpx"]
    assert 'api_key=os.environ["OPENAI_API_KEY"]' in forms["openai"]


def test_recorded_text_names_no_variable() -> None:
    forms = written(exchange(asking("‹masked 0› ‹masked HOME›"), CHAT, {"authorization": f"Bearer {PLANTED}"}))
    assert "‹masked 0› ‹masked HOME›" in forms["curl"]
    assert set(re.findall(r"os\.environ\[.(\w+)", forms["httpx"])) == {"OPENAI_API_KEY"}


def test_credentials_that_were_not_recorded_are_said_to_be_missing() -> None:
    forms = written(exchange(asking("Hi")))
    assert forms["curl"].startswith("# The recording keeps no credentials")
    assert '-H "authorization: Bearer $OPENAI_API_KEY"' in forms["curl"]
    assert "x-api-key: $ANTHROPIC_API_KEY" in written(exchange({}, "https://api.anthropic.com/v1/messages"))["curl"]
    assert "#" not in written(exchange({}, "http://localhost:11434/api/chat"))["curl"]


def test_headers_of_one_connection_and_signatures_are_left_out() -> None:
    signed = "AWS4-HMAC-SHA256 Credential=AKIA0/us-east-1/bedrock, SignedHeaders=host, Signature=0123456789abcdef0123"
    left_out = {
        "Content-Length": "5",
        "Connection": "close",
        "X-Amz-Date": "2024",
        "Host": "x",
        "bad name": "x",
        "x": "a\nb: c",
    }
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/x/invoke"
    command = written(exchange({}, url, {**left_out, "Authorization": signed, "Accept": "*/*"}))["curl"]
    assert re.findall(r"-H ['\"]([\w -]+)", command) == ["Authorization", "Accept", "content-type"]
    assert "Bearer $AWS_BEARER_TOKEN_BEDROCK" in command


# ---------------------------------------------------------------- every sample


@pytest.fixture(scope="module")
def subjects() -> list[copyas.Subject]:
    roots = roots_of(SAMPLES)
    found = [
        (recording, one)
        for file in roots.found()
        for _, recording in reader.recordings(roots, file)
        for one in recording.exchanges
    ]
    return [subject(replace(one, raw=None), recording.format or "") for recording, one in found]


def test_every_sample_can_be_copied(subjects: list[copyas.Subject]) -> None:
    used = set()
    for one in subjects:
        for form, text in copyas.copies(one):
            used.add(form.name)
            if form.language == "python":
                ast.parse(text)
    assert used == {form.name for form in FORMS} - {"editor", "jq"}


# ---------------------------------------------------------------- Markdown


def test_markdown_pings_nobody_and_loads_nothing() -> None:
    bad = "@octocat #1 <img src=http://x> ![a](http://x/y) <script>x</script> [l](http://x)\n````\n# head\n```\n~~~\n@b"
    body = {
        **asking(bad),
        "model": bad,
        "tools": [{"type": "function", "function": {"name": bad, "parameters": {}}}],
    }
    call = {"id": bad, "type": "function", "function": {"name": bad, "arguments": json.dumps({"a": bad})}}
    body["messages"] += [
        {"role": "assistant", "name": bad, "tool_calls": [call]}, {"role": "tool", "tool_call_id": bad, "content": bad},
    ]  # fmt: skip
    recorded = replace(exchange(body), test_id=bad)
    text = written(recorded)["markdown"]
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    flat = [inner for token in tokens for inner in (token, *(token.children or ()))]
    assert not {"html_block", "html_inline", "image", "link_open"} & {token.type for token in flat}
    outside = "".join(token.content for token in flat if token.type == "text")
    assert not re.search(r"[@<>!]|octocat|http", outside), outside
    assert sum(token.content == bad + "\n" for token in tokens if token.type == "fence") == 2
    assert [token.content for token in flat if token.type == "text"][-1:] != []


# ---------------------------------------------------------------- places in files


def files(path: Path) -> list[tuple[copyas.File, Exchange]]:
    """Each exchange of a file with its place."""
    data = path.read_bytes()
    exchanges = read(Source(path.name, data, thorough=True)).exchanges
    return [
        (copyas.File(str(path), "", one.entry, one.position, one.raw, len(exchanges) == 1, path.read_bytes), one)
        for one in exchanges
    ]


def har(*texts: str) -> bytes:
    entries = [
        {
            "startedDateTime": "2025-01-01T00:00:00Z", "time": 1, "comment": text,
            "request": {"method": "POST", "url": CHAT, "headers": [], "postData": {"text": json.dumps(asking(text))}},
            "response": {"status": 200, "headers": [], "content": {"text": "{}"}},
        } for text in texts
    ]  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=1).encode()


def cassette(*texts: str) -> bytes:
    entry = (
        "- request:\n    body: '{}'\n    headers: {{}}\n    method: POST\n    uri: {}\n"
        "  response:\n    body: {{string: '{{}}'}}\n    headers: {{}}\n    status: {{code: 200, message: OK}}\n"
    )
    entries = (entry.format(json.dumps(asking(text)), CHAT) for text in texts)
    return ("interactions:\n" + "".join(entries) + "version: 1\n").encode()


def jsonl(*texts: str) -> bytes:
    lines = [
        json.dumps(
            {
                "request": {"method": "POST", "url": CHAT, "headers": {}, "body": asking(text)},
                "response": {"status_code": 200, "headers": {}, "body": {"choices": []}},
            }
        )
        for text in texts
    ]
    return "\n\n".join(lines).encode() + b"\n"


NAME = 'it\'s $HOME `x` "q" -n [1]*'
KEPT = {
    f"{NAME}.json": (chat(), "jq"),
    "few.har": (har("one", "two", "three"), "jq"),
    "same.har": (har("one", "one"), "jq"),
    "-lines.jsonl": (jsonl("one", "two"), "jq"),
    "cassette.yaml": (cassette("one", "two"), "yq"),
}


@pytest.mark.skipif(which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("name", KEPT)
def test_the_command_prints_the_entry(name: str, tmp_path: Path) -> None:
    data, program = KEPT[name]
    if which(program) is None:
        pytest.skip(f"needs {program}")
    path = tmp_path / name
    path.write_bytes(data)
    kept = files(path)
    assert kept
    for file, one in kept:
        for place in (str(path), name):
            text = subject(one, file=file._replace(path=place))
            command = next(form for form in FORMS if form.name == "jq").write(text)
            assert command is not None
            done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
            assert done.returncode == 0, (command, done.stderr)
            assert json.loads(done.stdout) == one.raw, command


@pytest.mark.skipif(which("jq") is None or which("unzip") is None, reason="needs jq and unzip")
def test_the_command_reaches_into_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "it's.zip", "w") as archive:
        archive.writestr("a b/few.har", har("one", "two"))
    (tmp_path / "few.har").write_bytes(har("one", "two"))
    for file, one in files(tmp_path / "few.har"):
        inside = subject(one, file=file._replace(path=str(tmp_path / "it's.zip"), inner="a b/few.har"))
        command = next(form for form in FORMS if form.name == "jq").write(inside)
        assert command is not None
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
        assert json.loads(done.stdout) == one.raw
        assert "editor" not in [copied.form.name for copied in copyas.copies(inside)]


def test_no_command_where_the_entry_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "few.har"
    path.write_bytes(har("one", "two"))
    file, one = files(path)[1]
    jq = next(form for form in FORMS if form.name == "jq")
    assert jq.write(subject(one, file=file._replace(raw={"other": 1}))) is None
    assert jq.write(subject(one, file=file._replace(path="a.mitm"))) is None
    assert jq.write(subject(one, file=file._replace(read=lambda: b"{"))) is None
    assert jq.write(subject(one)) is None


def test_path_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl("one", "two", "three"))
    editor = next(form for form in FORMS if form.name == "editor")
    assert [editor.write(subject(one, file=file)) for file, one in files(path)] == [f"{path}:{n}\n" for n in (1, 3, 5)]
