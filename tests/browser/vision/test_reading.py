"""`alcove.read` and the Vision tab's "Read", with the model that comes with the site, on real screens."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import pytest
from browsers import visitor
from playwright.sync_api import Browser, Page, expect
from vision_tab import vision
from waiting import wait_until

from build_steps.serve import SiteServer

_OPEN = """async (url) => {
  const { openAlcove } = await import(url);
  window.alcove = await openAlcove();
  window.read = async (picture, options) => {
    try { return await alcove.read(picture, options); }
    catch ({ code, message, action }) { return { code, message, action }; }
  };
  window.drawn = (width, height, words) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.fillStyle = "black";
    context.font = "20px sans-serif";
    words.forEach((word, at) => context.fillText(word, 30, 50 + 40 * at));
    return canvas;
  };
}"""
_SCREEN = """<!doctype html><style>
body { margin: 0; font: 14px/1.5 sans-serif; background: #181a1b; color: #e1e3e4; display: flex }
nav { width: 200px; padding: 20px } main { width: 560px; padding: 20px } h1 { font-size: 24px }
</style><nav>Conversations<br>Agents<br>Settings</nav>
<main><h1>Invoice 2023-118</h1>
<p>Please pay 1,204.50 EUR to Harbour Lights Ltd before Friday, 14 March. Questions are answered by
anna.keller@example.org, who is in the office from 8:30 to 17:00.</p>
<p>The parcel of 12 lamps was sent on Tuesday and should be with you by the end of the week.</p></main>"""
_LINES = (
    "Invoice 2023-118",
    "Please pay 1,204.50 EUR to Harbour Lights Ltd before Friday, 14 March. Questions are answered by"
    " anna.keller@example.org, who is in the office from 8:30 to 17:00.",
    "The parcel of 12 lamps was sent on Tuesday and should be with you by the end of the week.",
)


@pytest.fixture(scope="module")
def page(browser: Browser, site: SiteServer) -> Iterator[Page]:
    context = visitor(browser)
    page = context.new_page()
    page.goto(site.url + "build.json")
    page.evaluate(_OPEN, site.url + "alcove.js")
    yield page
    context.close()


@pytest.fixture(scope="module")
def screen(browser: Browser) -> str:
    """A dark screen with text of 14 pixels, as a data URL."""
    page = browser.new_page(viewport={"width": 800, "height": 420})
    page.set_content(_SCREEN)
    taken = base64.b64encode(page.screenshot()).decode()
    page.close()
    return f"data:image/png;base64,{taken}"


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def test_a_screen_is_read_in_order_with_its_spaces(page: Page, screen: str) -> None:
    got = page.evaluate(
        """async (screen) => {
            const told = [];
            alcove.addEventListener("status", ({ detail }) => told.push(detail.roles?.reader?.text));
            return { ...(await read(screen)), told };
        }""",
        screen,
    )
    text = " ".join(got["text"].split())
    assert likeness(text, "Conversations Agents Settings " + " ".join(_LINES)) > 0.9, text
    assert any("PP-OCRv6" in (words or "") for words in got["told"])
    assert got["text"] == "\n".join(line["text"] for line in got["lines"])
    assert (got["width"], got["height"]) == (800, 420)
    title = next(line for line in got["lines"] if line["text"].startswith("Invoice"))
    assert title["confidence"] > 0.9
    box = title["box"]
    assert 200 < box["x"] < 270
    assert 20 < box["y"] < 70
    assert 20 < box["height"] < 50


def test_a_page_on_its_head_is_read_and_its_boxes_lie_on_the_picture(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const upright = drawn(500, 200, ["The lamp is on the table.", "Nobody else has seen it."]);
            const canvas = new OffscreenCanvas(200, 500);
            const context = canvas.getContext("2d");
            context.translate(200, 0);
            context.rotate(Math.PI / 2);
            context.drawImage(upright, 0, 0);
            return read(canvas);
        }"""
    )
    assert likeness(got["text"], "The lamp is on the table. Nobody else has seen it.") > 0.8, got["text"]
    assert abs(got["angle"] - 90) < 3
    first = got["lines"][0]["box"]
    assert first["height"] > first["width"]
    assert first["x"] > 130


def test_what_has_no_text_gives_none_and_what_is_no_picture_is_refused(page: Page) -> None:
    nothing = {"text": "", "lines": []}
    for picture in ("drawn(300, 200, [])", "drawn(1, 1, [])", "drawn(8000, 300, [])"):
        got = page.evaluate(f"read({picture})")
        assert {name: got[name] for name in nothing} == nothing, picture
    for bad in ('new Blob(["no picture"])', '"data:image/png;base64,AAAA"', "{}", "null", '""'):
        got = page.evaluate(f"read({bad})")
        assert (got["code"], got["action"] != "") == ("bad-request", True), bad


def test_a_stop_and_a_dead_worker_end_it_with_a_word_and_the_next_picture_is_read(page: Page) -> None:
    page.evaluate("read(drawn(60, 40, []))")
    # Many lines, so that it is at work when it is stopped.
    page.evaluate("window.large = drawn(1400, 1400, Array(33).fill('The lamp is on the table. '.repeat(5)))")
    stopped = page.evaluate(
        """async () => {
            const stop = new AbortController();
            setTimeout(() => stop.abort(), 100);
            const late = await read(large, { signal: stop.signal });
            return [late.code, (await read(large, { signal: AbortSignal.abort() })).code];
        }"""
    )
    assert stopped == ["cancelled", "cancelled"]
    page.evaluate("() => { window.result = read(large); }")
    wait_until(page, "alcove.status.roles?.reader === undefined")
    (worker,) = (worker for worker in page.workers if "reading.worker" in worker.url)
    worker.evaluate("() => { setTimeout(() => self.close(), 5); }")
    assert page.evaluate("result")["code"] == "engine-crashed"
    after = page.evaluate("read(drawn(500, 200, ['It is read again.']))")
    assert after["text"] == "It is read again."


def test_a_person_reads_a_picture_and_asks_about_it(browser: Browser, site: SiteServer, screen: str) -> None:
    with vision(browser, site) as page:
        picture = {
            "name": "screen.png",
            "mimeType": "image/png",
            "buffer": base64.b64decode(screen.partition(",")[2]),
        }
        page.get_by_test_id("source-picture").set_input_files(picture)  # type: ignore[arg-type]
        page.get_by_test_id("read").click()
        expect(page.get_by_test_id("read-text")).to_contain_text("Harbour Lights Ltd")
        boxes = page.get_by_test_id("read-boxes")
        title = boxes.locator("rect").filter(has_text="Invoice").bounding_box()
        around = page.get_by_test_id("stage").bounding_box()
        assert title
        assert around
        # The picture is fitted into its place, and so are the boxes.
        assert around["x"] + around["width"] / 5 < title["x"] < around["x"] + around["width"] / 2
        assert around["y"] < title["y"] < around["y"] + around["height"] / 2

        page.get_by_test_id("read-ask").click()
        composer = page.get_by_test_id("composer")
        expect(composer).to_have_value(
            re.compile("This is written in the picture:.*Harbour Lights Ltd", re.S)
        )
