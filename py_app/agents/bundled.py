"""An agent: what a session with it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from providers.json_types import Json
from py_app.agents.errors import Refusal
from py_app.agents.sources import ModuleSources


@dataclass
class BundledAgent:
    """A bundle that was read, by Amplifier's foundation where that is installed, else by ourselves."""

    name: str
    version: str
    description: str
    plan: Json
    """Its part of a mount plan, with Amplifier's `agents`."""
    prompt: str
    """The system prompt: its instruction, and the files that this and its context name."""
    instruction: str
    modules: ModuleSources
    mentions: object
    """Amplifier's `mention_resolver`."""
    entry: str
    """The bundle's file."""
    refused: list[Refusal] = field(default_factory=list[Refusal])
    own_tools: set[str] = field(default_factory=set[str])
    """The modules of tools that its own file names: others come with what it includes."""
    packages: list[Path] = field(default_factory=list[Path])
    """Folders from which its modules import."""
