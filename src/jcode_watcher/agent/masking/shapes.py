"""Texts that give themselves away as secrets wherever they stand. Pure.

Every pattern begins with something fixed and repeats only one class of characters at a time, so that the time
it takes grows with the length of the text and no faster.
"""

import re
from typing import Final, NamedTuple

MASK: Final = "***"


class Shape(NamedTuple):
    """How a kind of secret looks; the groups `before` and `after` stay."""

    rule: str
    pattern: re.Pattern[str]


SHAPES: Final = (
    Shape("private_key", re.compile(r"(?P<before>-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)[\s\S]*")),
    Shape(
        "url",
        re.compile(
            r"(?P<before>\b[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s/@:?#\"']{0,128}:)[^\s/\"']{1,512}(?P<after>@)",
        ),
    ),
    Shape("url", re.compile(r"(?P<before>\bhttps?://)[^\s/@:?#\"']{16,512}(?P<after>@)")),
    Shape("jwt", re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?")),
    Shape("aws", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    Shape("github", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})")),
    Shape("gitlab", re.compile(r"\bgl(?:pat|ptt|rt|dt|cbt)-[A-Za-z0-9_-]{16,}")),
    Shape("slack", re.compile(r"\bxox[abposr]-[A-Za-z0-9-]{10,}")),
    Shape("slack", re.compile(r"(?P<before>hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}")),
    Shape("google", re.compile(r"\bAIza[A-Za-z0-9_-]{30,}")),
    Shape("google", re.compile(r"\bya29\.[A-Za-z0-9_-]{20,}")),
    Shape("ai", re.compile(r"\bsk-[A-Za-z0-9_-]{20,}")),
    Shape("payment", re.compile(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}")),
    Shape("registry", re.compile(r"\b(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{40,}|hf_[A-Za-z0-9]{20,})")),
    Shape(
        "header",
        re.compile(
            r"(?P<before>\b(?:authorization|proxy-authorization|x-api-key|api-key|x-auth-token|private-token"
            r"|job-token|cookie|set-cookie|x-amz-security-token)[\"']?\s{0,4}:\s{0,4})[^\"'\r\n]+",
            re.IGNORECASE,
        ),
    ),
    Shape("header", re.compile(r"(?P<before>\b[Bb]earer\s{1,4})[A-Za-z0-9._~+/=-]{8,}")),
)
"""In the order in which they are looked for."""

HINTS: Final = (
    *(
        "pass",
        "pw",
        "psw",
        "secret",
        "token",
        "key",
        "cred",
        "auth",
        "cookie",
        "bearer",
        "://",
        "eyj",
        "akia",
    ),
    *(
        "asia",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glp",
        "glrt-",
        "gldt-",
        "glcbt-",
        "xox",
    ),
    *("hooks.slack", "aiza", "ya29.", "sk-", "k_live_", "k_test_", "npm_", "pypi-", "hf_"),
)
HINT: Final = re.compile("|".join(map(re.escape, HINTS)))
"""In lower case: a command line that has none of them holds no secret that these rules know."""


def masked_shapes(text: str, found: list[str]) -> str:
    """Give a text without the secrets whose shape is known; the rules that found one are added to `found`."""
    for rule, pattern in SHAPES:
        text, count = pattern.subn(_kept, text)
        found.extend([rule] * count)
    return text


def _kept(match: re.Match[str]) -> str:
    groups = match.groupdict(default="")
    return groups.get("before", "") + MASK + groups.get("after", "")
