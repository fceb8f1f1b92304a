"""Writes an open session's files as the conversation goes: transcript.jsonl, metadata.json, events.jsonl."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from providers.json_types import Json
from py_app.home.places import EVENTS, METADATA, TRANSCRIPT, folder_name, sessions_of
from py_app.home.shapes import Saved, event_line, metadata_of, saved, sub_sessions_in, transcript_lines
from py_app.message import Message

logger = logging.getLogger(__name__)

_MOST_WAITING = 2_000
"""Events of sub-sessions that have no folder yet."""
_AFTER = 0.5
"""Seconds: a turn is over before its files are written, and quick turns share the writing."""


class SessionFiles:
    """One a session. Nothing is written before there is a message, and nothing after `discard`."""

    def __init__(
        self,
        session_id: str,
        *,
        created: str,
        model: str,
        working_dir: str,
        redact: Callable[[Json], Json],
        home: Path | None = None,
    ) -> None:
        """`redact` takes the secrets out of an event. `home` is the person's, where none is given."""
        self._id = session_id
        self._redact = redact
        self._about = {"created": created, "model": model, "working_dir": working_dir}
        self._sessions = (home or Path.home()) / sessions_of(working_dir)
        self._title = ""
        self._messages: Sequence[Message] = ()
        self._events: list[tuple[str, Json]] = []
        self._written: dict[str, tuple[list[Message], int]] = {}
        """Of each transcript: its messages, and how many bytes they took."""
        self._timer: asyncio.TimerHandle | None = None
        self._discarded = False

    def note(self, messages: Sequence[Message], title: str) -> None:
        """The conversation is this now; it is written soon."""
        self._messages, self._title = messages, title
        if self._timer is None and not self._discarded:
            self._timer = asyncio.get_running_loop().call_later(_AFTER, self.write)

    def note_event(self, event: str, data: Json) -> None:
        """An event of Amplifier; it is written with the messages."""
        self._events.append((event, data))

    def write(self) -> None:
        """Write what is new. What fails is logged: a conversation goes on without its files."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._discarded or not (self._messages or self._written):
            return
        events, self._events = self._events, []
        try:
            for session in saved(self._id, self._messages).all():
                self._write_session(session)
            self._write_events(events)
        except (OSError, TypeError, ValueError):  # a foreign context may hold what is no JSON
            logger.warning("The session's files could not be written.", exc_info=True)

    def discard(self) -> None:
        """The conversation was deleted: its files go too, and nothing is written any more."""
        self._discarded = True
        self.close()
        for session in saved(self._id, self._messages).all():
            self._remove(session.id)

    def close(self) -> None:
        """Write what waits."""
        if self._timer is not None:
            self.write()

    def _remove(self, session_id: str) -> None:
        folder = self._folder(session_id)
        below = sub_sessions_in(_read(folder / METADATA))
        shutil.rmtree(folder, ignore_errors=True)
        for sub_session in below:
            self._remove(sub_session)

    def _folder(self, session_id: str) -> Path:
        return self._sessions / folder_name(session_id)

    def _write_session(self, session: Saved) -> None:
        messages = list(session.messages)
        before, size = self._written.get(session.id, ([], -1))
        goes_on = messages[: len(before)] == before
        if goes_on and len(messages) == len(before):
            return
        folder = self._folder(session.id)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / TRANSCRIPT
        more = goes_on and path.exists() and path.stat().st_size == size
        lines = "".join(transcript_lines(messages[len(before) :] if more else messages)).encode()
        if more:
            with path.open("ab") as file:
                file.write(lines)
        else:
            _replace(path, lines)
        self._written[session.id] = messages, (size if more else 0) + len(lines)
        title = session.agent or self._title
        metadata = metadata_of(session, **self._about, title=title, known=_read(folder / METADATA))
        _replace(folder / METADATA, metadata.encode())

    def _write_events(self, events: list[tuple[str, Json]]) -> None:
        lines: dict[str, list[str]] = {}
        for event, data in events:
            session_id = str(data.get("session_id") or self._id)
            time = str(data.get("timestamp") or datetime.now(UTC).isoformat(timespec="milliseconds"))
            lines.setdefault(session_id, []).append(event_line(event, time, self._redact(data)))
        for session_id, written in lines.items():
            folder = self._folder(session_id)
            if folder.exists():
                with (folder / EVENTS).open("ab") as file:
                    file.write("".join(written).encode())
            else:  # a sub-session that has said nothing yet
                waiting = [each for each in events if each[1].get("session_id") == session_id]
                self._events = [*waiting, *self._events][:_MOST_WAITING]


def _replace(path: Path, content: bytes) -> None:
    """The old file or the new one, whenever it breaks off."""
    beside = path.with_name(f"{path.name}.tmp")
    beside.write_bytes(content)
    os.replace(beside, path)


def _read(path: Path) -> Json:
    """What a metadata.json holds; nothing where it is none."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return cast(Json, found) if isinstance(found, dict) else {}
