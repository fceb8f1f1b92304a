"""The documents that a conversation is about."""

from __future__ import annotations

from typing import cast

from py_app.errors import AlcoveError

DOCUMENTS_TOOL = "documents"
"""Where a session has it, the model searches by itself; else it is given what was found."""


class Attached:
    """One a conversation, shared with its sub-agents: they see no others."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids
        """None: the `documents` tool sees all that are on the device."""


def document_ids(given: object) -> list[str]:
    """Ids of documents, each once, from parsed JSON. Raises AlcoveError (bad-request) for anything else."""
    ids = cast("list[object]", given) if isinstance(given, list) else [None]
    if not all(isinstance(each, str) and each for each in ids):
        raise AlcoveError("bad-request", "Documents are a list of their ids.", action="See documents.list().")
    return list(dict.fromkeys(cast("list[str]", ids)))
