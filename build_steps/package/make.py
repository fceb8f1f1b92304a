"""`build.py package`: dist/ as a package for npm, with types: for bundlers, and for plain pages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from .. import site
from ..base import DIST, ROOT, place, say
from .declarations import Declarations

_SDK = ("web/sdk/index.ts", "web/sdk/embed.ts")
_ELEMENT = ("web/element/index.ts",)
# Our own page, and what only a host of it needs.
_PAGE = (
    "index.html",
    "sw.js",
    "manifest.webmanifest",
    "icons/",
    "hosts/",
    "_headers",
    "vercel.json",
    "netlify.toml",
)
_COPY = Path(__file__).parent / "alcove_files.mjs"


def package(folder: Path, name: str, *, models: bool = True) -> None:
    """
    Builds the site and writes the package into `folder`, in place of the one before. Without `models` a page
    has only those that it downloads, and those that are put into its folder `models` by hand.
    """
    site.build()
    shutil.rmtree(folder, ignore_errors=True)
    about: dict[str, Any] = json.loads((DIST / "build.json").read_text())
    for path in (*about["files"], "build.json"):
        if not path.startswith(_PAGE) and (models or not path.startswith("models/")):
            place(folder / "site" / path, DIST / path)
    for entry in ("alcove.js", "alcove-chat.js"):
        (folder / entry).write_text(f'export * from "./site/{entry}";\n')
    write_types(folder)
    for source in (ROOT / "LICENSE", ROOT / "CHANGELOG.md"):
        shutil.copy(source, folder)
    shutil.copytree(ROOT / "docs", folder / "docs")
    about_it = (ROOT / "docs" / "package.md").read_text()
    (folder / "README.md").write_text(re.sub(r"\]\((?=[\w-]+\.md)", "](docs/", about_it))
    shutil.copy(_COPY, folder / "alcove-files.mjs")
    (folder / "package.json").write_text(json.dumps(_manifest(name, about["version"]), indent=2) + "\n")
    say(f"{folder} is ready for npm pack")


def write_types(folder: Path) -> None:
    """Writes `alcove.d.ts` and `alcove-chat.d.ts`. Raises BuildError."""
    declarations = Declarations([*_SDK, *_ELEMENT])
    (folder / "alcove.d.ts").write_text(declarations.together(_SDK))
    (folder / "alcove-chat.d.ts").write_text(declarations.together(_ELEMENT, _SDK, "./alcove.js"))


def _manifest(name: str, version: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": version,
        "description": "An AI agent, eyes and embeddings in a page, on the visitor's own device.",
        "license": "Apache-2.0",
        "type": "module",
        "exports": {
            ".": {"types": "./alcove.d.ts", "default": "./alcove.js"},
            "./chat": {"types": "./alcove-chat.d.ts", "default": "./alcove-chat.js"},
            "./site/*": "./site/*",
            "./package.json": "./package.json",
        },
        "bin": {"alcove-files": "./alcove-files.mjs"},
        "files": ["*.js", "*.d.ts", "*.mjs", "CHANGELOG.md", "docs", "site"],
    }
