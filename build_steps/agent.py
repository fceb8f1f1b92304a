"""A site around one agent: its bundle, its name and its icon, in the place of Alcove's own."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .base import BuildError, digest, run, say
from .dist import Dist
from .toolchain import VENV_PYTHON

_ICONS = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class SiteAgent:
    """What `build.py build --agent` was given."""

    # A file, a folder or a zip.
    bundle: Path
    # Of the page; the bundle's own where there is none.
    name: str | None = None
    icon: Path | None = None
    # The rest of the workbench is there too.
    workbench: bool = False

    @property
    def key(self) -> str:
        """Changes with everything that decides what the site holds of it."""
        files = self._files()
        names = [file.relative_to(self.bundle).as_posix() for file in files if self.bundle in file.parents]
        return digest([repr((self.name, self.workbench, names)), *files])

    def _files(self) -> list[Path]:
        paths = [self.bundle, *([self.icon] if self.icon else [])]
        for path in paths:
            if not path.exists():
                raise BuildError(f"{path} is not there.", "Name a bundle: a file, a folder or a zip.")
        return [
            file
            for path in paths
            for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
            if file.is_file()
        ]


@dataclass(frozen=True)
class Look:
    """What the pages of a site say that it is."""

    name: str
    description: str
    # Path of the icon in the site, and its type.
    icon: tuple[str, str] | None
    # What the page reads: `web/page/state/site.ts`.
    meta: str


def add_agent(dist: Dist, scratch: Path, agent: SiteAgent) -> Look:
    """Checks the bundle as the page will, and adds it. Raises BuildError for what is none."""
    archive = scratch / "agent.zip"
    command: list[str | Path] = [
        VENV_PYTHON,
        "-m",
        "py_app.agents",
        agent.bundle,
        "--pack",
        archive,
        "--json",
    ]
    told: dict[str, Any] = json.loads(run(command, doing="Reading the agent", action="Correct the bundle."))
    for refusal in told["refused"]:
        say(f"the agent goes without {refusal['module']}: {refusal['reason']}")
    name = agent.name or told["name"]
    icon = None
    if agent.icon:
        kind = _ICONS.get(agent.icon.suffix.lower())
        if kind is None:
            raise BuildError(f"{agent.icon} is no icon.", "Give an SVG or a PNG.")
        icon = (dist.add_hashed("icons/agent", agent.icon.suffix.lower(), agent.icon.read_bytes()), kind)
    page = {
        "url": dist.add_hashed("assets/agent", ".zip", archive.read_bytes()),
        "name": name,
        "description": told["description"],
        "workbench": agent.workbench,
    }
    return Look(name, told["description"], icon, json.dumps(page, ensure_ascii=False))


def dressed_page(page: str, look: Look) -> str:
    """web/index.html with the agent's name, description and icon, and what the script is to know of it."""
    name, description = html.escape(look.name), html.escape(look.description)
    page = _once(page, r"<title>[^<]*</title>", f"<title>{name}</title>")
    about = f'<meta name="description" content="{description}">'
    told = f'<meta name="alcove-agent" content="{html.escape(look.meta)}">'
    page = _once(page, r'<meta name="description" content="[^"]*">', f"{about}\n    {told}")
    page = page.replace("Alcove is starting.", f"{name} is starting.").replace(
        "Alcove runs in this tab", f"{name} runs in this tab"
    )
    if look.icon:
        path, kind = look.icon
        page = _once(page, r'<link rel="icon"[^>]*>', f'<link rel="icon" href="./{path}" type="{kind}">')
        page = _once(
            page, r'<link rel="apple-touch-icon"[^>]*>', f'<link rel="apple-touch-icon" href="./{path}">'
        )
    return page


def dressed_manifest(manifest: str, look: Look) -> str:
    """The web app's manifest with the same."""
    about: dict[str, Any] = json.loads(manifest)
    about |= {"name": look.name, "short_name": look.name, "description": look.description}
    if look.icon:
        path, kind = look.icon
        about["icons"] = [{"src": f"./{path}", "sizes": "any", "type": kind}]
    # They name Alcove's own tabs, and its icon.
    about.pop("shortcuts", None)
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"


def _once(page: str, pattern: str, replacement: str) -> str:
    page, count = re.subn(pattern, lambda _: replacement, page)
    if count != 1:
        raise BuildError(f"web/index.html has {count} times {pattern}.", "It must stand there exactly once.")
    return page
