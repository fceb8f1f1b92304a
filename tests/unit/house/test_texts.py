"""Every text that a person sees can be said in another language; the check finds one that cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from texts import hard_coded, rooms, texts

_ROOT = Path(__file__).resolve().parents[3]
_PAGE = "web/page"
# What is said to models, in the language that they know best.
_PROMPTS = {
    "web/page/chat/composer/attachments.ts",
    "web/page/vision/presets.ts",
    "web/page/vision/reading-panel.ts",
}


def test_no_text_is_hard_coded() -> None:
    folders = sorted(f"{_PAGE}/{each.name}" for each in (_ROOT / _PAGE).iterdir())
    if found := hard_coded(_ROOT, [each for each in folders if each != f"{_PAGE}/languages"], _PROMPTS):
        pytest.fail("\n".join(found), pytrace=False)


def test_every_room_is_translated() -> None:
    listed = (_ROOT / _PAGE / "languages" / "rooms.ts").read_text()
    named = set(re.findall(r'^  "?([\w-]+)"?(?:: \w+)?,$', listed, re.MULTILINE))
    missing = {room: file for room, file in rooms(_ROOT, [_PAGE]).items() if room not in named}
    assert not missing, f"add a line for each to {_PAGE}/languages/rooms.ts"


def test_what_a_person_sees_is_found() -> None:
    source = """
// "A comment is not seen."
  /** What stands after the "/" is not. */
const pattern = /["'`]{2}/;
const shown = html`<p class="a b" title="What it is" aria-label=${label("Not here")}>
  ${on ? html`<b>Stop it</b>` : "Start now"} · ${count} files
</p>`;
throw new Error("Nobody sees this.");
"""
    # "Not here" is a string of its own, and may be shown.
    assert {text for _, text in texts(source)} == {
        "What it is",
        "… · … files",
        "Not here",
        "Stop it",
        "Start now",
    }


def test_what_is_no_text_is_left_alone() -> None:
    source = """html`<li class="card error" data-testid="x">${name} · ${size(bytes)}</li>`;
        on("ArrowDown"); w("a b c");"""
    assert list(texts(source)) == []


def test_a_text_is_told_with_what_to_do(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "tab.ts").write_text("html`\n<p>Hello there</p>`;")
    (page / "words.ts").write_text('words("page", { hello: "Hello there" });')
    (line,) = hard_coded(tmp_path, ["page"])
    assert line.startswith("page/tab.ts:1 says “Hello there” in English for ever")
    assert rooms(tmp_path, ["page"]) == {"page": "page/words.ts"}
