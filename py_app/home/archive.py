"""Conversations as a zip that Amplifier's command line reads, once it is unpacked in a home."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from providers.json_types import Json
from py_app.config import parse_messages
from py_app.home.places import EVENTS, METADATA, TRANSCRIPT, folder_name, sessions_of
from py_app.home.shapes import metadata_of, saved, transcript_lines


def add_to(archive: Path, record: Json, working_dir: str, home: Path | None = None) -> None:
    """Add a conversation (a `TranscriptRecord`) to the zip; what the home has of its events comes with it."""
    with ZipFile(archive, "a", ZIP_DEFLATED) as file:
        for session in saved(str(record["id"]), parse_messages(record["messages"])).all():
            name = folder_name(session.id)
            folder = sessions_of(working_dir) / name
            title = session.agent or str(record.get("title") or "")
            metadata = metadata_of(
                session,
                created=str(record["created"]),
                model=str(record.get("model") or ""),
                title=title,
                working_dir=working_dir,
            )
            file.writestr(str(folder / METADATA), metadata)
            file.writestr(str(folder / TRANSCRIPT), "".join(transcript_lines(session.messages)))
            kept = (home or Path.home()).glob(f".amplifier/projects/*/sessions/{name}/{EVENTS}")
            if (events := next(kept, None)) is not None:
                file.write(events, str(folder / EVENTS))
