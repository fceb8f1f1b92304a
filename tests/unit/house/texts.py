"""Texts that a person sees and no other language can reach: words in the page's templates and strings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from imports import source_files

_SEEN = {"aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label"}
_LETTERS = re.compile(r"[^\W\d_]{2,}")
# Stands for what a template is filled with.
_HOLE = "\ufffc"
# "Stop the answer", "Stopped.", "reload the page…"; not "card error", "ArrowDown" or "KeyK".
_SENTENCE = re.compile(r"[A-Z][\w’'-]*[ ,:.!?…] ?\S*|[a-z]+ .*[a-z][.!?…]$", re.DOTALL)
_NOT_SEEN = re.compile(r"(?:console\.\w+|Error|\bRegExp)\($")
# The same in every language.
_NAME = re.compile(r"Alcove|https?://\S*")
_ROOM = re.compile(r"""\bwords\(\s*["'](?P<room>[\w-]+)["']""")


@dataclass(frozen=True)
class _Literal:
    """A string or template of TypeScript, with holes for what fills it; `before` is the code before it."""

    line: int
    text: str
    before: str

    @property
    def is_html(self) -> bool:
        return self.before.endswith(("html", "svg"))


def hard_coded(root: Path, folders: Sequence[str], apart: Collection[str] = ()) -> list[str]:
    """One line for each text below `folders` that is no room's; files `apart` are not looked at."""
    return [
        f"{path}:{line} says “{text}” in English for ever: give it a key in the"
        " words of its room (docs/architecture.md, What the page says)."
        for file in source_files(root, folders, ".ts")
        if (path := file.relative_to(root).as_posix()) not in apart
        and not (file.name.endswith("words.ts") or file.parent.name == "words")
        for line, text in texts(file.read_text())
    ]


def rooms(root: Path, folders: Sequence[str]) -> dict[str, str]:
    """The rooms that have words, by name, each with its file."""
    return {
        found["room"]: file.relative_to(root).as_posix()
        for file in source_files(root, folders, ".ts")
        for found in _ROOM.finditer(file.read_text())
    }


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each text in a file of TypeScript that looks like one for a person."""
    for literal in _literals(source):
        if literal.is_html:
            parser = _Seen()
            parser.feed(literal.text)
            parser.close()
            found = parser.found
        else:
            seen = _SENTENCE.match(literal.text) and not _NOT_SEEN.search(literal.before)
            found = [literal.text] if seen else []
        for text in found:
            if _LETTERS.search(text.replace(_HOLE, " ")) and not _NAME.fullmatch(text.strip()):
                yield literal.line, " ".join(text.replace(_HOLE, "…").split())


class _Seen(HTMLParser):
    """Texts of a template, and those of its attributes that are shown or said."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in _SEEN and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


# A comment, the start of a literal, a bracket, or a regular expression where no operand can end.
_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|["'`{}]
        |(?<=[(,=:?&|!;{}\[>\n])[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\[\n\\])+/""",
    re.DOTALL | re.VERBOSE,
)


def _literals(source: str) -> list[_Literal]:
    found: list[_Literal] = []
    at = _code(source, 0, found)
    if at < len(source):
        raise ValueError(f"a bracket that nothing opened, at {source.count(chr(10), 0, at) + 1}")
    return sorted(found, key=lambda literal: literal.line)


def _code(source: str, at: int, found: list[_Literal]) -> int:
    """Reads code up to the bracket that closes it, or the end; returns the place behind."""
    depth = 0
    while token := _CODE.search(source, at):
        at = token.end()
        sign = token[0]
        if sign in ("'", '"'):
            start = at
            while source[at] != sign:
                at += 2 if source[at] == "\\" else 1
            found.append(_literal(source, start, source[start:at]))
            at += 1
        elif sign == "`":
            at = _template(source, at, found)
        elif sign == "{":
            depth += 1
        elif sign == "}":
            if depth == 0:
                return at
            depth -= 1
    return len(source)


def _template(source: str, at: int, found: list[_Literal]) -> int:
    start, text = at, ""
    while source[at] != "`":
        if source.startswith("${", at):
            at = _code(source, at + 2, found)
            text += _HOLE
        else:
            step = 2 if source[at] == "\\" else 1
            text += source[at : at + step]
            at += step
    found.append(_literal(source, start, text))
    return at + 1


def _literal(source: str, start: int, text: str) -> _Literal:
    return _Literal(source.count("\n", 0, start) + 1, text, source[max(0, start - 40) : start - 1].rstrip())
