"""`@file` and `@bundle:path` in an agent's instructions: which file they mean, and what the model is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from py_app.agents.sources import Sources
from py_app.agents.text import decode

_MENTION = re.compile(r"(?<![\w@`./])@(?P<what>[A-Za-z0-9_~.][\w.~:/-]*[\w/])")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_MOST_DEPTH = 3
_MOST_CHARACTERS = 400_000
"""Of all mentioned files together: more than any model reads."""


class MentionResolver:
    """Amplifier's `mention_resolver`: the files of a bundle, by mention. None for what is not among them."""

    def __init__(self, sources: Sources, bases: Mapping[str, Path], base: Path) -> None:
        """`bases` is the folder of each namespace, `base` that of mentions without one."""
        self._sources = sources
        self._bases = bases
        self._base = base

    def resolve(self, mention: str) -> Path | None:
        """The file that "@path" or "@name:path" means."""
        namespace, _, path = mention.removeprefix("@").rpartition(":")
        base = self._bases.get(namespace) if namespace else self._base
        if base is None or not mention.startswith("@"):
            return None
        for name in (path, f"{path}.md"):
            where = (base / name).resolve()
            if where.is_relative_to(self._sources.root) and where.is_file():
                return where
        return None


def system_prompt(instruction: str, context: Mapping[str, Path], resolver: MentionResolver) -> str:
    """The instruction, and after it each file that `context` names or a mention means, once.

    Raises AlcoveError (bad-request) for a file that is no text.
    """
    told: dict[str, list[str]] = {}
    room = _MOST_CHARACTERS

    def tell(label: str, path: Path, depth: int) -> None:
        nonlocal room
        content = decode(path.read_bytes(), path.name).strip()
        if content in told:
            if label not in told[content]:
                told[content].append(label)
            return
        room -= len(content)
        if room < 0:
            return
        told[content] = [label]
        if depth < _MOST_DEPTH:
            for mention, found in _mentioned(content, resolver):
                tell(mention, found, depth + 1)

    for name, path in context.items():
        tell(name, path, 0)
    for mention, path in _mentioned(instruction, resolver):
        tell(mention, path, 0)
    blocks = [
        f'<context_file paths="{", ".join(labels)}">\n{content}\n</context_file>'
        for content, labels in told.items()
    ]
    if not blocks:
        return instruction
    return "\n\n".join([instruction, "---", *blocks] if instruction else blocks)


def _mentioned(text: str, resolver: MentionResolver) -> list[tuple[str, Path]]:
    mentions = dict.fromkeys(f"@{found['what']}" for found in _MENTION.finditer(_CODE.sub("", text)))
    return [(mention, path) for mention in mentions if (path := resolver.resolve(mention))]
