"""Where a session's files lie for Amplifier's command line: `~/.amplifier/projects/<slug>/sessions/<id>/`."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import quote

TRANSCRIPT = "transcript.jsonl"
METADATA = "metadata.json"
EVENTS = "events.jsonl"

_PLAIN = re.compile(r"[A-Za-z0-9-][A-Za-z0-9._-]*")
_LONGEST = 200
"""Characters of a folder's name: a disk takes 255."""


def slug_of(working_dir: str) -> str:
    """The project's name: its folder's path with "-" for every slash."""
    slug = working_dir.replace("/", "-").replace("\\", "-").replace(":", "")
    return slug if slug.startswith("-") else f"-{slug}"


def folder_name(session_id: str) -> str:
    """The session's folder: its id, where that is a plain name; an imported conversation may have any."""
    name = session_id if _PLAIN.fullmatch(session_id) else quote(session_id, safe="").replace(".", "%2E")
    if len(name) <= _LONGEST:
        return name
    return f"{name[:100]}-{hashlib.sha256(session_id.encode()).hexdigest()[:32]}"


def sessions_of(working_dir: str) -> PurePosixPath:
    """The folder of a project's sessions, from the home on."""
    return PurePosixPath(".amplifier", "projects", slug_of(working_dir), "sessions")
