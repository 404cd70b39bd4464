"""Takes the secrets out of a command line. Pure."""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename
from typing import Final, NamedTuple

from jcode_watcher.agent.masking.names import NUMBER, is_secret, strength_of
from jcode_watcher.agent.masking.programs import BY_NAME, Options, options_of
from jcode_watcher.agent.masking.shapes import HINT, MASK, masked_shapes

SCANNED_CHARACTERS_MAX: Final = 256 * 1024
"""A command line that is longer is not scanned: all of it is masked but its first argument."""
WORDS_MAX: Final = 4_096
"""A text with more words is not read word by word: it is masked as a whole if it may hold a secret."""
DEPTH_MAX: Final = 3
"""How deep command lines inside arguments are read (`sh -c "sudo sh -c '...'"`)."""

SPACE: Final = re.compile(r"\s")
LONG: Final = re.compile(r"--(?P<name>[A-Za-z][\w.-]{0,63})(?:=(?P<value>.*))?", re.DOTALL)
SHORT: Final = re.compile(r"-(?P<name>[a-z][a-z_-]{2,63})(?:[=:](?P<value>.*))?", re.DOTALL)
DEFINITION: Final = re.compile(r"-D(?P<name>[A-Za-z_][\w.-]{0,63})=(?P<value>.*)", re.DOTALL)
"""A property of Java's, a variable of cmake's; for a compiler a macro, which is the student's source."""
ASSIGNMENT: Final = re.compile(r"(?P<name>[A-Za-z_][\w.-]{0,63})=(?P<value>.*)", re.DOTALL)
NAMED: Final = re.compile(r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{0,63})[\"']?\s{0,4}[=:]\s{0,4}[\"']?")
VALUE: Final = re.compile(r"[^\s\"',;&|(){}\[\]<>]{1,512}+(?!\()")
"""`password=…`, `"token": "…"`, `?key=…` inside a text; a call (`password=input()`) is no value."""
WORDS: Final = re.compile(r"\s+|(?:\"[^\"]*\"|'[^']*'|[^\s\"']|[\"'])+")
"""A text in words as a shell sees them, and what stands between."""
COMPILER: Final = re.compile(r"(?:.*-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|cpp|cc1|cc1plus)(?:-[\d.]+)?")
LETTER: Final = re.compile(r"-[A-Za-z]")
SWITCHES: Final = (LONG, SHORT)


class Masked(NamedTuple):
    """A command line without secrets, and the rules that took one out, once for each."""

    argv: tuple[str, ...]
    rules: tuple[str, ...] = ()


def masked_arguments(argv: Sequence[str]) -> Masked:
    """Give a command line without its secrets; a line that has none comes back as it is."""
    options = options_of(argv)
    if options is None and not hides_secret("\0".join(argv)):
        return Masked(tuple(argv))
    if sum(map(len, argv)) > SCANNED_CHARACTERS_MAX:
        return Masked((*argv[:1], *([MASK] * (len(argv) - 1))), ("too_long",) * (len(argv) - 1))
    found: list[str] = []
    first = "".join(masked_shapes(argument, found) for argument in argv[:1])
    rest = Line(options, found, is_compiler=is_compiler(argv)).masked(argv[1:])
    return Masked((*([first] if argv else []), *rest), tuple(found))


def hints_at_secret(text: str) -> bool:
    """Tell whether a text may hold a secret at all: cheap, and true of every text that does."""
    return HINT.search(text.lower()) is not None


def hides_secret(text: str) -> bool:
    """Tell whether a text may hold a secret, also as a command line of its own."""
    if hints_at_secret(text):
        return True
    return SPACE.search(text) is not None and any(name in text for name in BY_NAME)


def is_compiler(argv: Sequence[str]) -> bool:
    """Tell whether a command line is a compiler's, also behind one wrapper."""
    return any(COMPILER.fullmatch(basename(argument)) for argument in argv[:2])


class Line:
    """One pass over a command line."""

    def __init__(
        self, options: Options | None, found: list[str], *, is_compiler: bool, depth: int = 0
    ) -> None:
        """Take the options of its program and the list to which rules that find something are added."""
        self._options = options or Options()
        self._found = found
        self._is_compiler = is_compiler
        self._depth = depth

    def masked(self, arguments: Sequence[str]) -> Iterator[str]:
        """Give the arguments after the first without secrets."""
        awaited: str | None = None
        before = ""
        for argument in arguments:
            if awaited is not None and not is_option(argument):
                yield self._value(awaited, argument)
                awaited = None
            else:
                awaited = self._awaited(before, argument)
                yield self._argument(argument)
            before = argument

    def _awaited(self, before: str, argument: str) -> str | None:
        """Give the name under which the next argument may be a secret."""
        if argument in self._options.accounts:
            return "account"
        if argument in self._options.apart:
            return "program"
        if self._is_compiler:
            return None
        if before == "set" and strength_of(argument) == "sure":
            return argument
        match = next((m for form in SWITCHES if (m := form.fullmatch(argument))), None)
        if match is None or match["value"] is not None or strength_of(match["name"]) == "none":
            return None
        return match["name"]

    def _value(self, name: str, value: str) -> str:
        """Mask an argument that follows the option that says what it is."""
        if name == "account":
            user, sign, secret = value.partition(":" if ":" in value else "%")
            return self._hit("program", user + sign) if secret else self._argument(value)
        if name == "program":
            return value if NUMBER.fullmatch(value) and "-p" in self._options.apart else self._hit("program")
        return self._hit("option") if is_secret(name, value.strip("\"'")) else self._argument(value)

    def _argument(self, argument: str) -> str:
        """Mask what an argument says by itself."""
        joined = next((j for j in self._options.joined if argument.startswith(j) and argument != j), None)
        if joined is not None and not argument.startswith("--"):
            return self._hit("program", joined)
        if not hides_secret(argument):
            return argument
        argument = masked_shapes(argument, self._found)
        return argument if self._is_compiler else self._named(argument)

    def _named(self, argument: str) -> str:
        """Mask the values that stand in an argument together with their names."""
        for form in (*SWITCHES, DEFINITION, ASSIGNMENT):
            match = form.fullmatch(argument)
            if match and match["value"] and is_secret(match["name"], match["value"].strip("\"'")):
                return self._hit("option", argument[: match.start("value")])
        if self._depth < DEPTH_MAX and SPACE.search(argument):
            argument = self._text(argument)
        return "".join(self._inline(argument))

    def _inline(self, text: str) -> Iterator[str]:
        """Mask the values that stand behind their names anywhere in a text."""
        done = 0
        for match in NAMED.finditer(text):
            value = VALUE.match(text, match.end())
            if (
                match.end() < done
                or value is None
                or value[0] == MASK
                or not is_secret(match["name"], value[0])
            ):
                continue
            yield text[done : match.end()]
            yield self._hit("text")
            done = value.end()
        yield text[done:]

    def _text(self, text: str) -> str:
        """Mask a text word by word, as a shell's `-c` holds a command line."""
        quote = text[0] if text[:1] == text[-1:] and text[:1] in {"'", '"'} and len(text) > 1 else ""
        parts = WORDS.findall(text[len(quote) : len(text) - len(quote)])
        if len(parts) > WORDS_MAX:
            return self._hit("too_long")
        words = [part for part in parts if not part.isspace()]
        line = Line(options_in(words), self._found, is_compiler=is_compiler(words), depth=self._depth + 1)
        masked = line.masked(words)
        return quote + "".join(part if part.isspace() else next(masked) for part in parts) + quote

    def _hit(self, rule: str, kept: str = "") -> str:
        self._found.append(rule)
        return kept + MASK


def is_option(argument: str) -> bool:
    """Tell whether an argument is an option rather than the value of the one before."""
    return LETTER.fullmatch(argument) is not None or any(form.fullmatch(argument) for form in SWITCHES)


def options_in(words: Sequence[str]) -> Options | None:
    """Give the options of the first program that a text names and that is known."""
    places = (place for place, word in enumerate(words) if basename(word) in BY_NAME)
    place = next(places, None)
    return None if place is None else options_of(words[place:])
