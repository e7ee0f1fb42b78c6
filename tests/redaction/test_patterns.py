"""What is a credential by its shape, and what only looks like one. Examples are drawn by lot or put together, so that
none of them is taken for a leak."""

from __future__ import annotations

import random
import re

import pytest

from inspector.redaction import mask
from inspector.redaction.patterns import SHAPES, Shape
from tests.redaction.planted import drawn

UPPER, LOWER, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
_PART = re.compile(r"\[([^\]]+)\]\{(\d+)(?:,\d+)?\}|\(\?:([a-z]+)\|[^)]*\)|\\(.)|\(\?![^)]*\)|\[\w+\]|\S")


def example(shape: Shape) -> str:
    """The shortest credential of a shape, drawn by lot from the letters that its expression names."""
    lot = random.Random(shape.begins)
    said = shape.begins
    for letters, number, word, escaped in _PART.findall(re.sub(r"\(\?![^)]*\)|\(\?:-\\d\)\?|=\*", "", shape.rest)):
        if number:
            allowed = (
                letters.replace("A-Z", UPPER).replace("a-z", LOWER).replace("a-f", "abcdef").replace("A-F", "ABCDEF")
            )
            said += drawn(lot, allowed.replace("0-9", DIGITS).rstrip("-") or "-", int(number))
        elif letters == "" and word:
            said += word + "/" * (shape.begins.endswith("/"))
        elif escaped:
            said += escaped
    return said


SPECIAL = {
    "ya29.": "ya29." + "a0" * 12,
    "pscale_tkn_": "pscale_" + "tkn_" + "x7" * 20,
    "pscale_pw_": "pscale_" + "pw_" + "x7" * 20,
    "PMAK-": "PMAK-" + "1a" * 12 + "-" + "2b" * 17,
    "pypi-": "pypi-" + "AgE" + "x7" * 20,
    "eyJ": "eyJ" + "x7" * 8 + ".eyJ" + "y8" * 8 + "." + "z9" * 12,
    "xoxe.xox": "xoxe.xox" + "p-" + "1a" * 20,
    "hooks.slack.com/": "hooks.slack.com/" + "services/" + "T1B2" * 8,
    "lsv2_": "lsv2_" + "pt_" + "1a" * 20,
}


def of(shape: Shape) -> str:
    return SPECIAL.get(shape.begins) or example(shape)


@pytest.mark.parametrize(
    "around", ["{}", "it is {}.", "here:\n{}\n", "a\t{}", '{{"x": "{}"}}', "a\\n{}\\n", "x_{}", "({})"]
)
def test_every_shape_is_masked(around: str) -> None:
    for secret in map(of, SHAPES):
        text = around.format(secret)
        assert secret not in mask.text(text)
        assert mask.text(text).replace(mask.MASK, secret) == text, "its neighbours stay"


@pytest.mark.parametrize("around", ["{}", "{}.", "see {} here", "{}abc", "the prefix `{}` is known"])
def test_a_beginning_is_no_credential(around: str) -> None:
    for shape in SHAPES:
        text = around.format(shape.begins)
        assert mask.text(text) == text


def test_what_begins_within_a_word_is_no_credential() -> None:
    for shape in SHAPES:
        text = f"desk7{of(shape)}"
        if not any(text.startswith(other.begins) for other in SHAPES) and "/" not in shape.begins:
            assert mask.text(text) == text


NO_SECRETS = (
    "def login(password: str, secret: bool = False, token: Optional[str] = None) -> None:",
    "interface Login {\n  token: string;\n  password: string;\n  secret?: boolean;\n}",
    "password: str\nsecret: bool\ntoken: string;",
    "client = Client(api_key=os.environ['LAMP_KEY'], token=self.token, password=get_password(1))",
    "pip install sk-learn-contrib-lightning-extras and sk-learn-pipeline-with-many-steps",
    "A file that begins with -----BEGIN PRIVATE KEY----- is a key, and all after these words is prose.",
    "Between `-----BEGIN PRIVATE KEY-----` and `-----END PRIVATE KEY-----` are lines of base64.",
    "git clone ssh://git@code.example/lamp.git, and write to keeper@lighthouse.example",
    "docker run -u 1000:1000 lamp; sort -u a:b",
    "Basic arithmetic, the bearer of the lamp, Bearer tokens are explained",
    "The token: a unit of text. Its secret: nobody knows. max_tokens: 5, eos_token: <|end|>",
    'api_key = "YOUR_API_KEY_HERE"',
    "next_page_token=abc12345def and page_token=1",
    "the tool is named get_password_reset_token_by_email",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6 is an id, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b785 a hash",
)


@pytest.mark.parametrize("text", NO_SECRETS, ids=lambda text: text[:40])
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask.text(text) == text


HELD = "driftwood-7x9"
SECRETS = (
    'password = "{}"', "db_password: {}", 'api_token="{}"', "pwd={};x=1", '{{"passphrase": "{}"}}', '{{"token": "{}"}}',
    "DefaultEndpointsProtocol=https;AccountName=lamp;AccountKey={};EndpointSuffix=x", "https://x.example/#access_token={}",
    "curl -u keeper:{} https://x.example", "curl https://x.example \\\n  --user 'keeper:{}'", "lamp --password {}",
    "https://{}@lamp.example/x", "Authorization: Bearer {}", "x\tX-Auth-Token: {}".replace("x\t", "x\n"),
    "<parameter=password>{}</parameter>", "Cookie: a=1; session={}", "'secret': '{}'", "OPENAI_API_KEY={}",
    "7:headers;40:9:x-api-key,13:{},]",
    '[{{"name": "X-Auth-Token", "value": "{}"}}]', 'see {{"name": "Authorization", "value": "{}"}} there',
)  # fmt: skip


@pytest.mark.parametrize("text", SECRETS)
def test_what_is_a_secret_by_its_name_goes(text: str) -> None:
    assert HELD not in mask.text(text.format(HELD))
    assert mask.MASK in mask.text(text.format(HELD))


@pytest.mark.parametrize("kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "OPENSSH PRIVATE KEY"])
@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("line", ["\n", "\\n", "\r\n"])
def test_private_keys_are_masked_with_their_armour(kind: str, ends: bool, line: str) -> None:
    lines = [drawn(random.Random(at), UPPER + LOWER + DIGITS + "+/", 64) for at in range(4)]
    end = f"-----END {kind}-----" if ends else ""
    text = f"before -----BEGIN {kind}-----{line}{line.join(lines)}{line}{end}"
    masked = mask.text(f"{text} after" if ends else text)
    assert masked.startswith(f"before {mask.MASK}")
    assert not any(one in masked for one in lines)
    assert not ends or masked.endswith(" after")
