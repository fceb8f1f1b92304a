"""Thinking that a model writes into its text: tags, and the channels of Harmony.

A tag opens thinking where a line begins, outside code: an answer may speak of tags. It may be cut anywhere
between two pieces, it may never be closed, and the template may have opened it already, so that only its end
is said. What a Harmony message says to a tool is left as it is, markers and all: it is a call, which is read
after.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple


class Piece(NamedTuple):
    """What was said. `recast`: thinking that a template had opened, as is all text that was said before."""

    kind: Literal["text", "thinking", "recast"]
    text: str
    tokens: int = 0


_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<seed:think>": "</seed:think>",  # Seed-OSS
    "[THINK]": "[/THINK]",  # Mistral
    "◁think▷": "◁/think▷",  # Kimi
    "<|START_THINKING|>": "<|END_THINKING|>",  # Command
    "<|channel>thought": "<channel|>",  # Gemma
}
# Those that templates open by themselves.
_IMPLIED = ("</think>", "</seed:think>", "[/THINK]", "◁/think▷")
_HEADS, _MESSAGE, _ENDS = ("<|start|>", "<|channel|>"), "<|message|>", ("<|end|>", "<|return|>", "<|call|>")
_LONGEST_HEAD = 200

_MARKS = (*_TAGS, *_TAGS.values(), *_HEADS, *_ENDS)
_LOOK = re.compile("|".join(["\n", "`+", *map(re.escape, sorted(_MARKS, key=len, reverse=True))]))
_ANY_END = re.compile("|".join(map(re.escape, (*_ENDS, *_HEADS))))
_FIRST = "".join(sorted({mark[0] for mark in _MARKS}))
_MAY_BEGIN = re.compile(f"[{re.escape(_FIRST)}]")
_PLAIN = re.compile(f"[^{re.escape(_FIRST)}`\n]+")
_TO_A_TOOL = re.compile(r"\bto=")


class ThinkingReader:
    """Tells thinking from text as both come, piece by piece."""

    def __init__(self) -> None:
        self._rest = ""
        self._mode: Literal["text", "tag", "head", "analysis", "call"] = "text"
        self._closing = ""
        """Of the tag that is open."""
        self._harmony = False
        self._thought = self._said = False
        """Whether there was any thinking, any text."""
        self._fresh = True
        """Whether white space may be dropped: nothing was said since the last mark."""
        self._line_begins = True
        self._fence = self._code = False
        """Inside a block of code; inside `code` of the line."""
        self._pieces: list[Piece] = []

    def take(self, text: str) -> list[Piece]:
        """The pieces that are certain now; what may be the beginning of a mark waits."""
        if self._mode == "text" and not (self._rest or self._fresh) and _PLAIN.fullmatch(text):  # mostly
            self._line_begins = self._line_begins and text.isspace()
            return [Piece("text", text)]
        return self._read(text, last=False)

    def thought(self) -> None:
        """There was thinking before the text that comes, told in another way."""
        self._thought = True

    def end(self) -> list[Piece]:
        """What waited: nothing comes any more."""
        return self._read("", last=True)

    def _read(self, text: str, *, last: bool) -> list[Piece]:
        self._rest += text
        steps = {
            "text": self._text,
            "tag": self._tag,
            "head": self._head,
            "analysis": self._analysis,
            "call": self._call,
        }
        while self._rest and steps[self._mode](last):
            pass
        pieces, self._pieces = self._pieces, []
        return pieces

    # --- each reads what it can of the rest, and says whether another is to go on ---------------------------

    def _text(self, last: bool) -> bool:
        rest, at = self._rest, 0
        whole = len(rest) if last else len(rest) - _begun(rest, _MARKS)
        for found in _LOOK.finditer(rest):
            mark = found.group()
            if not last and found.end() == len(rest) and mark[0] == "`":
                whole = found.start()  # more of them may come
                break
            if rest[at : found.start()].strip():
                self._line_begins = False
            at = found.end()
            if not self._is_mark(mark):
                continue
            said, self._rest = rest[: found.start()], rest[found.end() :]
            self._enter(mark, said)
            return True
        if rest[at:whole].strip():
            self._line_begins = False
        if not last and not self._said and not rest[:whole].strip():
            return False  # white space before thinking is dropped
        self._rest = rest[whole:]
        self._say(rest[:whole])
        return False

    def _is_mark(self, mark: str) -> bool:
        """Whether what was found, at the present place, is more than text."""
        if mark == "\n":
            self._line_begins, self._code = True, False
            return False
        if mark[0] == "`":
            if len(mark) >= 3 and self._line_begins:
                self._fence = not self._fence
            elif not self._fence:
                self._code = not self._code
            self._line_begins = False
            return False
        begins, self._line_begins = self._line_begins, False
        if self._fence or self._code:
            return False
        if mark in _TAGS:
            return begins
        if mark in _ENDS:
            return self._harmony
        if mark in _HEADS:
            return True
        # The end of thinking, which a template began; or said once more.
        return (mark in _IMPLIED and not self._thought) or (self._thought and self._fresh)

    def _enter(self, mark: str, said: str) -> None:
        if mark in _TAGS:
            self._say(said if self._said or said.strip() else "")
            self._mode, self._closing = "tag", _TAGS[mark]
        elif mark in _HEADS:
            self._say(said if self._said or said.strip() else "")
            self._mode, self._rest = "head", mark + self._rest
        elif mark in _ENDS:
            self._say(said)
        elif self._thought:  # a tag that was closed already
            self._say(said.strip())
        else:
            self._pieces.append(Piece("recast", said.rstrip()))
            self._thought, self._said = True, False
        self._fresh = self._line_begins = True

    def _tag(self, last: bool) -> bool:
        return self._think((self._closing,), last)

    def _analysis(self, last: bool) -> bool:
        return self._think((*_ENDS, *_HEADS), last)

    def _think(self, ends: tuple[str, ...], last: bool) -> bool:
        found = min(((at, end) for end in ends if (at := self._rest.find(end)) >= 0), default=None)
        if found is not None:
            at, end = found
            self._say_thinking(self._rest[:at].rstrip())
            # The next message's head is no part of this one.
            self._rest = self._rest[at if end in _HEADS else at + len(end) :]
            self._mode, self._fresh, self._line_begins = "text", True, True
            return True
        whole = len(self._rest) if last else len(self._rest) - _begun(self._rest, ends)
        whole = len(self._rest[:whole].rstrip())  # it may be the white space at the end
        self._say_thinking(self._rest[:whole])
        self._rest = "" if last else self._rest[whole:]
        return False

    def _head(self, last: bool) -> bool:
        at = self._rest.find(_MESSAGE)
        if at < 0 and not last and len(self._rest) < _LONGEST_HEAD:
            return False
        if at < 0 or at > _LONGEST_HEAD:  # no head after all
            self._mode = "text"
            self._say(self._rest[:1])
            self._rest = self._rest[1:]
            return True
        head, self._harmony = self._rest[:at], True
        if _TO_A_TOOL.search(head):
            self._mode = "call"
            return True
        self._rest = self._rest[at + len(_MESSAGE) :]
        self._mode = "analysis" if "analysis" in head else "text"
        self._fresh = self._line_begins = True
        return True

    def _call(self, last: bool) -> bool:
        start = self._rest.find(_MESSAGE)
        found = _ANY_END.search(self._rest, max(start, 0) + len(_MESSAGE) if start >= 0 else 0)
        if found is None:
            whole = len(self._rest) if last else len(self._rest) - _begun(self._rest, (*_ENDS, *_HEADS))
            self._say(self._rest[:whole])
            self._rest = self._rest[whole:]
            return False
        end = found.start() if found.group() in _HEADS else found.end()
        self._say(self._rest[:end])
        self._rest = self._rest[end:]
        self._mode, self._fresh, self._line_begins = "text", True, True
        return True

    # --- what is said ------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        if self._fresh and (self._thought or self._harmony):
            text = text.lstrip()
        if text:
            self._fresh = False
            self._said = self._said or bool(text.strip())
            self._pieces.append(Piece("text", text))

    def _say_thinking(self, text: str) -> None:
        if self._fresh:
            text = text.lstrip()
        self._thought = True
        if text:
            self._fresh = False
            self._pieces.append(Piece("thinking", text))


def _begun(text: str, marks: tuple[str, ...]) -> int:
    """Length of the end of `text` that is the beginning of a mark; they have no first letter inside."""
    tail = text[max(map(text.rfind, _FIRST)) :] if _MAY_BEGIN.search(text) else ""
    return len(tail) if tail and any(mark.startswith(tail) and mark != tail for mark in marks) else 0
