"""The shapes of credentials: what gives one away wherever it stands.

The ids are those of the public rules of gitleaks (https://github.com/gitleaks/gitleaks, `config/gitleaks.toml`), so
that what is known there can be looked up; ids that it has not are marked as ours. The expressions are our own: a
literal beginning, and what follows it. Every repetition has a bound, since a text may be made of beginnings alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from inspector.model.expressions import expression
from inspector.redaction.key_blocks import BEGINS, blocks
from inspector.redaction.long_words import alphabet, long_words

Span = tuple[int, int]
"""Where a secret begins and ends in a text, in characters."""


class Shape(NamedTuple):
    """A credential that begins with certain letters. `goes_on` says that all word characters after it belong to it."""

    id: str
    begins: str
    rest: str
    goes_on: bool = True
    is_one: Callable[[str], bool] = lambda _: True
    """Whether what the expression found is one after all."""


_WORD = "[A-Za-z0-9_-]"
_HEX = "[a-f0-9]"


def _is_random(text: str) -> bool:
    """Whether what follows ``sk-`` looks drawn by lot: `sk-learn-pipeline-with-steps` is a name."""
    pieces = re.split("[-_]", text)
    return (
        max(map(len, pieces)) >= 24
        or sum(map(str.isdigit, text)) >= 6
        or sum(map(str.isupper, text)) >= 2
        or any(len(piece) >= 6 and not piece.isalpha() and not piece.isdigit() for piece in pieces)
    )


SHAPES = (
    Shape("openai-api-key", "sk-", rf"{_WORD}{{20,250}}", is_one=_is_random),  # and those of a dozen others
    Shape("anthropic-api-key", "sk-ant-", rf"{_WORD}{{20,250}}"),
    Shape("gcp-api-key", "AIza", rf"{_WORD}{{35}}"),
    Shape("ours: google-oauth-access-token", "ya29.", r"[A-Za-z0-9_.-]{19,250}[A-Za-z0-9_-]"),
    Shape("ours: google-oauth-client-secret", "GOCSPX-", rf"{_WORD}{{20,60}}"),
    Shape("aws-access-token", "AKIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])", False),
    Shape("aws-access-token", "ASIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])", False),
    Shape("aws-access-token", "ABIA", r"[A-Z0-9]{16}(?![A-Za-z0-9])", False),
    Shape("aws-access-token", "ACCA", r"[A-Z0-9]{16}(?![A-Za-z0-9])", False),
    Shape("aws-amazon-bedrock-api-key-long-lived", "ABSK", r"[A-Za-z0-9+/]{100,250}=*"),
    Shape("aws-amazon-bedrock-api-key-short-lived", "bedrock-api-key-", r"[A-Za-z0-9+/=]{20,250}"),
    Shape("github-pat", "ghp_", r"[A-Za-z0-9]{30,250}"),
    Shape("github-oauth", "gho_", r"[A-Za-z0-9]{30,250}"),
    Shape("github-app-token", "ghu_", r"[A-Za-z0-9]{30,250}"),
    Shape("github-app-token", "ghs_", r"[A-Za-z0-9]{30,250}"),
    Shape("github-refresh-token", "ghr_", r"[A-Za-z0-9]{30,250}"),
    Shape("github-fine-grained-pat", "github_pat_", r"[A-Za-z0-9_]{40,250}"),
    Shape("gitlab-pat", "glpat-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-ptt", "glptt-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-deploy-token", "gldt-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-runner-authentication-token", "glrt-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-cicd-job-token", "glcbt-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-feed-token", "glft-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-oauth-app-secret", "gloas-", rf"{_WORD}{{20,250}}"),
    Shape("gitlab-scim-token", "glsoat-", rf"{_WORD}{{20,250}}"),
    Shape("slack-bot-token", "xoxb-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-user-token", "xoxp-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-user-token", "xoxe-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-legacy-workspace-token", "xoxa-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-legacy-workspace-token", "xoxr-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-legacy-token", "xoxs-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-config-access-token", "xoxe.xox", r"[bp]-[A-Za-z0-9-]{20,250}"),
    Shape("slack-app-token", "xapp-", r"[A-Za-z0-9-]{20,250}"),
    Shape("slack-webhook-url", "hooks.slack.com/", r"(?:services|workflows)/[A-Za-z0-9/_-]{20,250}"),
    Shape("stripe-access-token", "sk_live_", r"[A-Za-z0-9]{10,250}"),
    Shape("stripe-access-token", "sk_test_", r"[A-Za-z0-9]{10,250}"),
    Shape("stripe-access-token", "rk_live_", r"[A-Za-z0-9]{10,250}"),
    Shape("stripe-access-token", "rk_test_", r"[A-Za-z0-9]{10,250}"),
    Shape("npm-access-token", "npm_", r"[A-Za-z0-9]{30,250}"),
    Shape("pypi-upload-token", "pypi-", r"AgE[A-Za-z0-9_-]{20,250}"),
    Shape("rubygems-api-token", "rubygems_", rf"{_HEX}{{40,250}}"),
    Shape("clojars-api-token", "CLOJARS_", r"[A-Za-z0-9]{40,250}"),
    Shape("sendgrid-api-token", "SG.", rf"{_WORD}{{16,100}}\.{_WORD}{{16,100}}"),
    Shape("sendinblue-api-token", "xkeysib-", rf"{_HEX}{{40,250}}"),
    Shape("mailgun-private-api-token", "key-", rf"{_HEX}{{32}}(?![A-Za-z0-9])", False),
    Shape("twilio-api-key", "SK", rf"{_HEX}{{32}}(?![A-Za-z0-9])", False),
    Shape("shopify-access-token", "shpat_", r"[A-Fa-f0-9]{32,250}"),
    Shape("shopify-custom-access-token", "shpca_", r"[A-Fa-f0-9]{32,250}"),
    Shape("shopify-private-app-access-token", "shppa_", r"[A-Fa-f0-9]{32,250}"),
    Shape("shopify-shared-secret", "shpss_", r"[A-Fa-f0-9]{32,250}"),
    Shape("digitalocean-pat", "dop_v1_", rf"{_HEX}{{40,250}}"),
    Shape("digitalocean-access-token", "doo_v1_", rf"{_HEX}{{40,250}}"),
    Shape("digitalocean-refresh-token", "dor_v1_", rf"{_HEX}{{40,250}}"),
    Shape("doppler-api-token", "dp.pt.", r"[A-Za-z0-9]{40,250}"),
    Shape("dynatrace-api-token", "dt0c01.", r"[A-Za-z0-9]{20,60}\.[A-Za-z0-9]{40,250}"),
    Shape("linear-api-key", "lin_api_", r"[A-Za-z0-9]{30,250}"),
    Shape("notion-api-token", "ntn_", r"[A-Za-z0-9]{30,250}"),
    Shape("vault-service-token", "hvs.", rf"{_WORD}{{20,250}}"),
    Shape("vault-batch-token", "hvb.", rf"{_WORD}{{20,250}}"),
    Shape("hashicorp-tf-api-token", "atlasv1.", rf"{_WORD}{{40,250}}"),
    Shape("grafana-cloud-api-token", "glc_", r"[A-Za-z0-9+/]{32,250}"),
    Shape("grafana-service-account-token", "glsa_", r"[A-Za-z0-9_]{32,250}"),
    Shape("databricks-api-token", "dapi", rf"{_HEX}{{32}}(?:-\d)?(?![A-Za-z0-9])", False),
    Shape("planetscale-api-token", "pscale_tkn_", r"[A-Za-z0-9_.=-]{29,250}[A-Za-z0-9_=-]"),
    Shape("planetscale-password", "pscale_pw_", r"[A-Za-z0-9_.=-]{29,250}[A-Za-z0-9_=-]"),
    Shape("postman-api-token", "PMAK-", rf"{_HEX}{{24}}-{_HEX}{{30,100}}"),
    Shape("pulumi-api-token", "pul-", rf"{_HEX}{{40,250}}"),
    Shape("readme-api-token", "rdme_", r"[a-z0-9]{40,250}"),
    Shape("prefect-api-token", "pnu_", r"[A-Za-z0-9]{36,250}"),
    Shape("perplexity-api-key", "pplx-", r"[A-Za-z0-9]{40,250}"),
    Shape("sentry-user-token", "sntryu_", rf"{_HEX}{{40,250}}"),
    Shape("sentry-org-token", "sntrys_", r"[A-Za-z0-9+/=_]{40,250}"),
    Shape("new-relic-user-api-key", "NRAK-", r"[A-Za-z0-9]{27,100}"),
    Shape("openshift-user-token", "sha256~", rf"{_WORD}{{40,100}}"),
    Shape("sourcegraph-access-token", "sgp_", r"[A-Za-z0-9_]{40,250}"),
    Shape("atlassian-api-token", "ATATT3", r"[A-Za-z0-9_=-]{100,250}"),
    Shape("flutterwave-secret-key", "FLWSECK_TEST-", r"[A-Za-z0-9]{12,250}"),
    Shape("easypost-api-token", "EZAK", r"[A-Za-z0-9]{54,100}"),
    Shape("1password-service-account-token", "ops_eyJ", r"[A-Za-z0-9+/=]{100,250}"),
    Shape("age-secret-key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{50,100}"),
    Shape("huggingface-access-token", "hf_", r"[A-Za-z0-9]{30,250}"),
    Shape("huggingface-organization-api-token", "api_org_", r"[A-Za-z0-9]{30,250}"),
    Shape("ours: groq-api-key", "gsk_", r"[A-Za-z0-9]{40,250}"),
    Shape("ours: xai-api-key", "xai-", r"[A-Za-z0-9]{40,250}"),
    Shape("ours: nvidia-api-key", "nvapi-", rf"{_WORD}{{40,250}}"),
    Shape("ours: replicate-api-token", "r8_", r"[A-Za-z0-9]{37,100}"),
    Shape("ours: fireworks-api-key", "fw_", r"[A-Za-z0-9]{22,100}", is_one=_is_random),
    Shape("ours: langsmith-api-key", "lsv2_", r"[a-z]{2}_[A-Za-z0-9_]{30,250}"),
    Shape("ours: pinecone-api-key", "pcsk_", r"[A-Za-z0-9_]{40,250}"),
    Shape("ours: tavily-api-key", "tvly-", rf"{_WORD}{{20,250}}", is_one=_is_random),
    Shape("ours: elevenlabs-api-key", "sk_", rf"{_HEX}{{40,100}}(?![A-Za-z0-9])", False),
    Shape("ours: together-api-key", "tgp_v1_", rf"{_WORD}{{30,100}}"),
    Shape("ours: jina-api-key", "jina_", rf"{_WORD}{{40,100}}"),
    Shape("ours: firecrawl-api-key", "fc-", rf"{_HEX}{{32}}(?![A-Za-z0-9])", False),
    Shape("ours: posthog-api-key", "phx_", r"[A-Za-z0-9]{30,100}"),
    Shape("ours: supabase-access-token", "sbp_", rf"{_HEX}{{40,100}}"),
    Shape("ours: vercel-ai-gateway-key", "vck_", rf"{_WORD}{{30,100}}"),
    Shape("jwt", "eyJ", r"[A-Za-z0-9_-]{10,500}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,8000}"),
)

_RULES = {
    begins: tuple((expression(re.escape(s.begins) + s.rest), s) for s in SHAPES if begins.startswith(s.begins))
    for begins in dict.fromkeys(shape.begins for shape in SHAPES)
}
"""The rules that a beginning may be the beginning of: a text that starts as one beginning may be a shorter one's."""

_SHORTEST = tuple(begins for begins in _RULES if len([one for one in _RULES if one in begins]) == 1)
"""Beginnings that no other is in: a text that has none of them has none at all."""

_LEAST = 18
"""Characters of the shortest credential."""

_TOKENS = alphabet("_-./~+=")
"""What credentials consist of."""

_MORE = expression(rf"{_WORD}*")
_ALNUM = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def find(text: str) -> list[Span]:
    """Where credentials stand that their shape gives away, in order."""
    found: list[Span] = []
    end = 0
    present = _present(text)
    for hit in _any_of(present).finditer(text) if present else ():
        start = hit.start()
        if start >= end and (start == 0 or text[start - 1] not in _ALNUM):
            end, is_one = _end(text, start, hit.group())
            found += [(start, end)] if is_one else []
    return sorted([*found, *blocks(text)]) if BEGINS in text else found


def shape_of(credential: str) -> str:
    """The id of the shape that gives a credential away, as `find` found it; that of the longest beginning."""
    if credential.startswith(BEGINS):
        return "private-key"
    fitting = [shape for shape in SHAPES if credential.startswith(shape.begins)]
    return max(fitting, key=lambda shape: len(shape.begins)).id if fitting else ""


@lru_cache(4)
def long_words_of(text: str) -> str:
    """The words of a text that are long enough for a credential, or for one in base64; each text is asked for them
    more than once in turn."""
    return b" ".join(long_words(text, _TOKENS, _LEAST)).decode()


def _present(text: str) -> tuple[str, ...]:
    """The beginnings that a text has in words that are long enough."""
    long = long_words_of(text)
    return tuple(filter(long.__contains__, _SHORTEST)) if long else ()


@lru_cache(256)
def _any_of(present: tuple[str, ...]) -> re.Pattern[str]:
    """The beginnings that a text may have, where it has some; of those at one place the longest."""
    begins = [one for one in _RULES if any(map(one.__contains__, present))]
    return expression("|".join(map(re.escape, sorted(begins, key=len, reverse=True))))


def _end(text: str, start: int, begins: str) -> tuple[int, bool]:
    """Where the credential ends that begins at a place, or what only looks like one and need not be looked at again."""
    end = start
    for rule, shape in _RULES[begins]:
        hit = rule.match(text, start)
        if hit and shape.is_one(hit.group()[len(shape.begins) :]):
            return (_MORE.match(text, hit.end()).end() if shape.goes_on else hit.end()), True  # type: ignore[union-attr]
        end = max(end, hit.end()) if hit else end
    return end, False
