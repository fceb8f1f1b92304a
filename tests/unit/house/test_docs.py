"""The documents name what is there, and what alcove.js exports is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[3]
_DOCUMENTS = [_ROOT / "README.md", *sorted((_ROOT / "docs").glob("*.md"))]
# Made by the build, or by its tools.
_MADE = ("dist/", "node_modules/", ".venv/", "assets/", "icons/", "hosts/")
# Files of the built site, and of a model.
_ELSEWHERE = {"build.json", "index.html", "tensor-cache.json", "vercel.json"}
_FILE = r"\w\.(?:cpp|css|html|json|lock|md|mjs|patch|png|py|pyi|toml|ts|txt)$|^LICENSE$"
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\s]+)`")
# Outside of backticks, as in a tree: what has a / inside.
_PATH = re.compile(r"(?<![\w/:.@~-])([\w.-]+/[\w./-]*\w/?)(?![\w/*…<-])")


def paths_in(text: str) -> set[str]:
    """The paths from the project's root that a document names; those with a * or … name no single file."""
    text = _LINK.sub("]", text)
    named = {*_CODE.findall(text), *_PATH.findall(text)}
    paths = {name for name in named if re.fullmatch(r"[\w./-]+", name)}
    paths = {path for path in paths if path.endswith("/") or re.search(_FILE, path)}
    return {path for path in paths if not path.startswith(_MADE) and path not in _ELSEWHERE}


def anchors_of(text: str) -> set[str]:
    """What a link may name of a document: its headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(document: Path) -> Iterator[str]:
    for link in _LINK.findall(document.read_text()):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        if not target.exists() or (anchor and anchor not in anchors_of(target.read_text())):
            yield link


def names_of(document: Path) -> str:
    return document.relative_to(_ROOT).as_posix()


@pytest.mark.parametrize("document", _DOCUMENTS, ids=names_of)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    missing = sorted(path for path in paths_in(document.read_text()) if not (_ROOT / path).exists())
    if missing:
        pytest.fail(f"{names_of(document)} names what is not there: {', '.join(missing)}", pytrace=False)


@pytest.mark.parametrize("document", _DOCUMENTS, ids=names_of)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    if dead := list(dead_links(document)):
        pytest.fail(f"{names_of(document)} links to what is not there: {', '.join(dead)}", pytrace=False)


def test_every_value_that_alcove_js_exports_is_documented() -> None:
    index = "".join((_ROOT / "web" / "sdk" / name).read_text() for name in ("index.ts", "embed.ts"))
    lists = re.findall(r"^export \{(.*?)\} from", index, re.MULTILINE | re.DOTALL)
    names = [name.strip() for each in lists for name in each.split(",")]
    values = {name for name in names if name and not name.startswith("type ")} | {"openAlcove"}
    assert len(values) > 10
    api = (_ROOT / "docs" / "api.md").read_text()
    assert not {name for name in values if not re.search(rf"\b{name}\b", api)}


def test_every_error_code_is_documented() -> None:
    errors = (_ROOT / "workers" / "wire" / "errors.ts").read_text()
    codes = re.findall(r'"([\w-]+)"', errors.split("ERROR_CODES = [")[1].split("]")[0])
    assert len(codes) > 10
    api = (_ROOT / "docs" / "api.md").read_text()
    assert not [code for code in codes if f"`{code}`" not in api]


def test_paths_are_found_wherever_they_stand() -> None:
    text = """
    | the card | `web/page/card.ts`, `LICENSE`; as `build.py` says, in `web/` and `docs/*.md` |
    └─ workers/python/    a tree, with providers/wire.py, kit/
    [a link](docs/lost.md) to https://your.host/alcove.js, tokens/s, `pyodide-…/`, `dist/x.json`, `a/<id>.txt`
    """
    assert paths_in(text) == {
        *("web/page/card.ts", "LICENSE", "build.py", "web/", "workers/python/", "providers/wire.py")
    }


def test_links_and_headings_are_held_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# Written for RunAnywhere?\n## llama.cpp as it is\n")
    (tmp_path / "a.md").write_text(
        "# A\n[1](b.md) [2](b.md#written-for-runanywhere) [3](b.md#llamacpp-as-it-is) [4](#a) [5](https://x.y)"
        " [6](c.md) [7](b.md#nothing) [8](#b)"
    )
    assert list(dead_links(tmp_path / "a.md")) == ["c.md", "b.md#nothing", "#b"]
