"""Reads a reply as it comes: text to show, and the calls that are in it.

What may become a call is held back until it is one or cannot be one any more; then it is text, whole and in
its place. White space is kept between two texts, and left out beside calls that stand alone.
"""

from __future__ import annotations

import re

from providers.calls import fences, functions, harmony, marks, mistral, names, objects, python, tags
from providers.calls.text import Found, Spelling, Text, Tools, UnfinishedError, WrittenCall

_OPENING = re.compile(r"[<{\[`>]|^[ \t]*([A-Za-z_])", re.MULTILINE)
_CLOSING = re.compile(r"[\]})>`\n]")
_LONG = 1000
_LINE: tuple[Spelling, ...] = (python.read, names.read)
"""What has a line to itself, or begins one."""
_SPELLINGS: dict[str, tuple[Spelling, ...]] = {
    "<": (tags.read, functions.read, marks.read, harmony.read),
    "{": (objects.read,),
    "[": (mistral.read, objects.read, python.read),
    ">": (marks.read,),
    "`": (fences.read,),
}


class CallReader:
    """One reply; how it is cut into pieces makes no difference."""

    def __init__(self, tools: Tools) -> None:
        """`tools`: the schemas of those that may be called, by their names."""
        self.calls: list[WrittenCall] = []
        self._tools = tools
        self._held = ""
        self._space = ""
        """White space that is shown once a text follows."""
        self._line = ""
        """What was shown of the line, in short: blank, or its last character."""
        self._fenced = False
        self._spoken = False

    def take(self, text: str) -> str:
        """Take a piece of the reply; returns what can be shown now."""
        self._held += text
        if len(self._held) > _LONG and not _CLOSING.search(text):
            return ""  # a long call is not read anew for each of its words
        return self._read(over=False, cut=False)

    def end(self, *, cut: bool = False) -> str:
        """The rest to show; `cut`: the reply did not end by itself, so what is half written is no call."""
        said = self._read(over=True, cut=cut)
        if not self.calls:
            said, self._space = said + self._space, ""
        return said

    def _read(self, *, over: bool, cut: bool) -> str:
        text, at = Text(self._held, self._tools, over=over, cut=cut), 0
        said: list[str] = []
        try:
            while at < len(self._held):
                opening = self._opening(at)
                said.append(self._say(self._held[at:opening]))
                at = opening
                if at == len(self._held):
                    break
                found = None if self._fenced else self._spelled(text, at)
                if found is None:
                    end = self._fence(text, at) or at + 1
                    said.append(self._say(self._held[at:end]))
                    at = end
                else:
                    self.calls += found.calls
                    self._line = ""
                    at = found.end
        except UnfinishedError:
            pass
        self._held = self._held[at:]
        return "".join(said)

    def _opening(self, at: int) -> int:
        """Where a call may begin next."""
        for found in _OPENING.finditer(self._held, at):
            place = found.start(1) if found[1] else found.start()
            # The first line of what is held may have begun before.
            if found.start() > 0 or not found[1] or not self._line.strip():
                return place
        return len(self._held)

    def _spelled(self, text: Text, at: int) -> Found | None:
        if self._line[-1:] == "`":  # code in a sentence
            return None
        for spelling in _SPELLINGS.get(text.text[at], _LINE):
            if found := spelling(text, at):
                return found
        return None

    def _fence(self, text: Text, at: int) -> int | None:
        """Where the fence at `at` ends that begins or ends a block of code."""
        if text.text[at] != "`" or self._line.strip() or not text.starts(at, fences.FENCE):
            return None
        self._fenced = not self._fenced
        return at + len(fences.FENCE)

    def _say(self, text: str) -> str:
        if not text:
            return ""
        *_, line = text.rpartition("\n")
        before = "" if "\n" in text else self._line
        line = before + line
        self._line = line if not line.strip() else "." + line[-1]
        whole = self._space + text
        if self.calls and not self._spoken:
            whole = whole.lstrip()
        kept = whole.rstrip()
        self._space = whole[len(kept) :]
        self._spoken = self._spoken or bool(kept)
        return kept
