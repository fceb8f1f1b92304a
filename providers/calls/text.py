"""The text of a reply as far as it came, and how a spelling reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from providers.json_types import Json

_WORD = re.compile(r"[\w.\-]*")
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(
    r"""[{}\[\]()<]|"[^"\\]*(?:\\.[^"\\]*)*("?)|'[^'\\]*(?:\\.[^'\\]*)*('?)""",
    re.DOTALL,
)
_CLOSER = {"{": "}", "[": "]", "(": ")"}
_DEEPEST = 100
"""Brackets in brackets; the parsers of Python give up at some depth, and no tool needs it."""


Tools = Mapping[str, Json]
"""The tools that may be called: the schema of its arguments by its name."""


class UnfinishedError(Exception):
    """What comes next decides."""


@dataclass(frozen=True)
class WrittenCall:
    """`arguments` is JSON, or whatever the model wrote in its place."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Found:
    """Calls, and where the text goes on after them."""

    calls: tuple[WrittenCall, ...]
    end: int


class Text:
    """What is held of a reply. Its methods raise UnfinishedError where they reach its end and more may come.

    So whatever a spelling answers holds however the reply goes on, and in whatever pieces it came.
    """

    def __init__(self, text: str, tools: Tools, *, over: bool = False, cut: bool = False) -> None:
        """`over`: nothing more comes; `cut`: because a limit was reached or somebody stopped it."""
        self.text = text
        self.tools = tools
        self.over = over
        self._cut = cut

    def starts(self, at: int, word: str) -> bool:
        """Whether `word` stands at `at`."""
        if self.text.startswith(word, at):
            return True
        if not self.over and len(self.text) - at < len(word) and word.startswith(self.text[at:]):
            raise UnfinishedError
        return False

    def space(self, at: int) -> int:
        """Where the white space at `at` ends."""
        return self.run(_SPACE, at)

    def word(self, at: int) -> int:
        """Where the name at `at` ends."""
        return self.run(_WORD, at)

    def run(self, pattern: re.Pattern[str], at: int) -> int:
        """Where what `pattern` matches at `at` ends: a run of characters, perhaps none."""
        found = pattern.match(self.text, at)
        end = found.end() if found else at
        if end == len(self.text) and not self.over:
            raise UnfinishedError
        return end

    def char(self, at: int) -> str:
        """The character at `at`; "" where the text ends."""
        if at >= len(self.text) and not self.over:
            raise UnfinishedError
        return self.text[at : at + 1]

    def find(self, word: str, at: int) -> int:
        """Where `word` stands next; where the text ends if it does not."""
        found = self.text.find(word, at)
        if found < 0 and not self.over:
            raise UnfinishedError
        return found if found >= 0 else len(self.text)

    def brackets(self, at: int) -> tuple[str, int] | None:
        """What stands between the bracket at `at` and its other half, both with it, and where it ends.

        Brackets that are missing before a tag or at the end of the text are added. None if they do not match.
        """
        open_: list[str] = []
        for token in _TOKEN.finditer(self.text, at):
            first = token[0][0]
            if first in "\"'":
                if not (token[1] or token[2]):
                    break  # a string without an end
            elif first == "<":
                if not self.starts(token.start(), "</"):
                    return None
                return self._closed(at, token.start(), open_)
            elif first in _CLOSER:
                open_.append(_CLOSER[first])
                if len(open_) > _DEEPEST:
                    return None
            elif first != open_.pop():
                return None
            elif not open_:
                return self.text[at : token.end()], token.end()
        else:
            if self.over and not self._cut:
                return self._closed(at, len(self.text), open_)
        if self.over:
            return None
        raise UnfinishedError

    def _closed(self, at: int, end: int, open_: list[str]) -> tuple[str, int]:
        return self.text[at:end].rstrip() + "".join(reversed(open_)), end


Spelling = Callable[[Text, int], Found | None]
"""The calls that are spelled at a place of the text; None if what stands there is something else."""
