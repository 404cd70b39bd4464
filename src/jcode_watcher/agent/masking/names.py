"""Which names are names of secrets: of options, of variables, of fields. Pure."""

import re
from functools import lru_cache
from typing import Final, Literal

Strength = Literal["none", "doubtful", "likely", "sure"]
"""How far a name tells that its value is a secret."""

SURE: Final = frozenset(
    {
        "password",
        "passwd",
        "passwort",
        "passphrase",
        "passcode",
        "secret",
        "secrets",
        "credential",
        "credentials",
    }
    | {"apikey", "accesskey", "secretkey", "privatekey", "authtoken", "accesstoken", "authkey", "pgpassword"}
)
"""Last words of a name that mean a secret whatever its value."""
LIKELY: Final = frozenset(
    {"token", "auth", "pass", "pwd", "pw", "psw", "authorization", "cookie", "passin", "passout"}
)
"""Words that alone mean a secret, unless the value speaks against it: `--pass 2`, `PWD=/home`."""
KEY_OWNERS: Final = frozenset(
    {"api", "access", "private", "secret", "account", "storage", "signing", "encryption", "license", "deploy"}
    | {"master", "ssh", "service", "app", "client", "openai", "anthropic", "aws", "azure", "gcp", "google"}
    | {"github", "gitlab", "hf", "wandb", "kaggle"}
)
"""Words before `key` by which it opens something."""
HARMLESS: Final = frozenset(
    {
        "no",
        "ask",
        "max",
        "min",
        "num",
        "n",
        "pad",
        "eos",
        "bos",
        "unk",
        "cls",
        "sep",
        "mask",
        "sort",
        "public",
    }
    | {"foreign", "primary", "by"}
)
"""Words before by which it is a number, public or a question (`--max-token`, `public_key`, `ask-pass`)."""
WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
"""Parts of `api-key`, `API_KEY`, `apiKey`."""
NAME_CHARACTERS_MAX: Final = 64
REMEMBERED_MAX: Final = 1_024

SAYS_NOTHING: Final = re.compile(r"(?i:|true|false|yes|no|on|off|none|null|auto)|\*\*\*(?:@.*)?", re.DOTALL)
"""Also what is masked already, as of an URL (`***@host`)."""
NUMBER: Final = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
PATH: Final = re.compile(r"(?:\.{0,2}/|~/).*|[^\s]*\.[A-Za-z][A-Za-z0-9]{0,4}", re.DOTALL)
RANDOM: Final = re.compile(
    r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/=_.~-]{12,}|[A-Za-z0-9+/=_~-]{32,}"
)
"""Letters and digits mixed, or long without a break: what nobody types by heart."""


@lru_cache(REMEMBERED_MAX)
def strength_of(name: str) -> Strength:
    """Tell how far a name means a secret by its last words."""
    if len(name) > NAME_CHARACTERS_MAX:
        return "none"
    words = [word.lower() for word in WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    before, last = ["", "", *words][-2:]
    if before in HARMLESS:
        return "none"
    if last in SURE or (last == "key" and before in KEY_OWNERS) or (last in {"token", "pwd"} and before):
        return "sure"
    if last in LIKELY:
        return "doubtful" if before else "likely"
    return "doubtful" if last == "key" else "none"


def is_secret(name: str, value: str) -> bool:
    """Tell whether a value under a name is a secret."""
    strength = strength_of(name)
    if strength == "none" or SAYS_NOTHING.fullmatch(value):
        return False
    if strength == "likely":
        return not (NUMBER.fullmatch(value) or PATH.fullmatch(value))
    return strength == "sure" or RANDOM.fullmatch(value) is not None
