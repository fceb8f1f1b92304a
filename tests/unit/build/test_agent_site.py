"""A site around one agent: what is checked at the build, and what its page says."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from build_steps import agent as step
from build_steps.agent import Look, SiteAgent, add_agent, dressed_manifest, dressed_page
from build_steps.base import ROOT, BuildError
from build_steps.dist import Dist

BUNDLE = """---
bundle: {name: Clerk & Co, description: 'Says "good day".'}
tools: [{module: tool-alcove-clock}, {module: tool-of-nobody}]
---
You are a clerk.
"""


@pytest.fixture(autouse=True)
def this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "VENV_PYTHON", Path(sys.executable))


def test_an_agent_is_checked_packed_and_told_of(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clerk.md").write_text(BUNDLE)
    (tmp_path / "clerk.svg").write_text("<svg/>")
    dist = Dist(tmp_path / "dist")
    look = add_agent(dist, tmp_path, SiteAgent(tmp_path / "clerk.md", icon=tmp_path / "clerk.svg"))
    assert "the agent goes without tool-of-nobody: it is not installed" in capfd.readouterr().out
    told = json.loads(look.meta)
    assert (told["name"], told["description"], told["workbench"]) == ("Clerk & Co", 'Says "good day".', False)
    assert look.icon
    assert {told["url"], look.icon[0]} == set(dist.manifest())
    with zipfile.ZipFile(tmp_path / "agent.zip") as archive:
        assert archive.namelist() == ["clerk.md"]


def test_what_is_no_bundle_is_no_site(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text("---\nbundle: {\n---\n")
    with pytest.raises(BuildError, match=r"bad\.md, line 2"):
        add_agent(Dist(tmp_path), tmp_path, SiteAgent(bad))
    with pytest.raises(BuildError, match="not there"):
        _ = SiteAgent(tmp_path / "none.md").key
    bad.write_text(BUNDLE)
    with pytest.raises(BuildError, match="no icon"):
        add_agent(Dist(tmp_path), tmp_path, SiteAgent(bad, icon=bad))


def test_a_site_is_built_anew_when_its_agent_changes(tmp_path: Path) -> None:
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / "bundle.md").write_text(BUNDLE)
    keys = [SiteAgent(folder).key, SiteAgent(folder, name="Other").key, SiteAgent(folder, workbench=True).key]
    (folder / "bundle.md").write_text(BUNDLE + "More.")
    keys.append(SiteAgent(folder).key)
    (folder / "parts").mkdir()
    (folder / "bundle.md").rename(folder / "parts/bundle.md")
    assert len({*keys, SiteAgent(folder).key}) == 5


class _Metas(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.links: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "meta" and named.get("name"):
            self.found[str(named["name"])] = str(named["content"])
        if tag == "link":
            self.links.append(named)


def test_the_page_says_who_it_is() -> None:
    name = 'A "clerk" <b>&</b> co'
    meta = json.dumps({"url": "assets/agent-1.zip", "name": name, "description": name, "workbench": False})
    look = Look(name, name, ("icons/agent-1.png", "image/png"), meta)
    page = dressed_page((ROOT / "web" / "index.html").read_text(), look)
    read = _Metas(page)
    assert read.found["alcove-agent"] == meta
    assert read.found["description"] == name
    assert "<b>" not in page
    icons = [link["href"] for link in read.links if "icon" in str(link["rel"])]
    assert icons == ["./icons/agent-1.png"] * 2
    manifest = json.loads(dressed_manifest((ROOT / "web" / "manifest.webmanifest").read_text(), look))
    assert manifest["name"] == name
    assert [icon["src"] for icon in manifest["icons"]] == ["./icons/agent-1.png"]


def test_the_command_line_tells_what_is_mounted(tmp_path: Path) -> None:
    (tmp_path / "clerk.md").write_text(BUNDLE)
    command = [sys.executable, "-m", "py_app.agents", str(tmp_path / "clerk.md")]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert "mounted  tool-alcove-clock" in told
    assert "left out tool-of-nobody" in told
