"""A person lets a model look: at the camera, the screen, a picture, a page; and asks about what it sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from conftest import CHROMIUM_FLAGS, chromium_path, wait_ready, wait_until
from page_checks import accessibility_problems
from pictures import carry, file, locked_pdf, pdf, png
from playwright.sync_api import Browser, Page, Playwright, expect
from scenes import BLUE, RED, camera_browser, plain, square, visitor, write_video

from build_steps.serve import SiteServer

# Remembers what the page asks of the browser, and every worker that it starts.
_WITNESS = """
window.streams = [];
window.engines = [];
window.eyes = () => engines.filter(({ sees }) => sees).at(-1);
for (const name of ["getUserMedia", "getDisplayMedia"]) {
  const original = navigator.mediaDevices[name].bind(navigator.mediaDevices);
  navigator.mediaDevices[name] = async (wish) => {
    const stream = await original(wish);
    streams.push(stream);
    return stream;
  };
}
window.live = () => streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === "live").length;
const Original = Worker;
window.Worker = class extends Original {
  constructor(url, options) {
    super(url, options);
    engines.push(this);
  }
  postMessage(message, ...rest) {
    if (message?.args?.model?.vision) this.sees = true;
    super.postMessage(message, ...rest);
  }
};
"""
PHONE = {"width": 390, "height": 844}
SCREEN_FLAGS = ["--auto-select-desktop-capture-source=Entire screen", "--auto-accept-this-tab-capture"]


@pytest.fixture(scope="module")
def camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A camera that shows a red square, then a blue one, again and again."""
    film = [square(colour, width=320, height=240) for colour in (RED, BLUE) for _ in range(60)]
    path = write_video(tmp_path_factory.mktemp("camera") / "film.y4m", film, rate=20)
    with camera_browser(playwright, path, *SCREEN_FLAGS) as browser:
        yield browser


@pytest.fixture(scope="module")
def refusing(playwright: Playwright) -> Iterator[Browser]:
    """There is a camera, but the person (or their system) says no."""
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", "--deny-permission-prompts"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


@contextmanager
def vision(
    browser: Browser, site: SiteServer, *, viewport: dict[str, int] | None = None, script: str = ""
) -> Iterator[Page]:
    """The Vision tab of somebody who was never here."""
    context = visitor(browser)
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.add_init_script(_WITNESS + script)
    if viewport:
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.goto(site.url + "#vision")
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    yield page
    context.close()


@pytest.fixture(scope="module")
def kept(camera: Browser, site: SiteServer) -> Iterator[Page]:
    """One page for the tests that leave it as it was: Python starts once."""
    with vision(camera, site) as page:
        wait_ready(page)
        yield page


@pytest.fixture
def seen(kept: Page) -> Page:
    """The Vision tab, opened anew."""
    kept.get_by_test_id("go-chat").click()
    kept.get_by_test_id("go-vision").click()
    kept.evaluate("streams.length = 0")
    expect(kept.get_by_test_id("vision-welcome")).to_be_visible()
    return kept


def look_at_camera(page: Page) -> None:
    """Opens the camera and waits for the first caption."""
    page.get_by_test_id("source-camera").click()
    expect(page.get_by_test_id("look").first).to_be_visible()


def middle(page: Page) -> list[int]:
    """Red, green and blue in the middle of the picture that is shown."""
    return page.evaluate(
        """() => { const c = document.querySelector("[data-testid=still] canvas");
          const { data } = c.getContext("2d").getImageData(c.width / 2, c.height / 2, 1, 1);
          return [...data].slice(0, 3); }"""
    )


def looks(page: Page) -> int:
    """How many frames were answered: those that were answered alike are one entry."""
    facts = page.locator(".look-facts").all_inner_texts()
    return sum(int(found[1]) if (found := re.search(r"(\d+) frames", fact)) else 1 for fact in facts)


def wait_looks(page: Page, count: int) -> None:
    expect(page.get_by_test_id("look").first).to_be_visible()
    for _ in range(600):
        if looks(page) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{looks(page)} frames were answered, not {count}")


def test_a_person_opens_the_tab_allows_the_camera_and_reads(camera: Browser, site: SiteServer) -> None:
    context = visitor(camera)
    page = context.new_page()
    page.add_init_script(_WITNESS)
    page.goto(site.url)
    page.get_by_test_id("go-vision").click()
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    assert page.url.endswith("#vision")
    assert page.title() == "Vision · Alcove"
    assert page.evaluate("streams.length") == 0, "the browser was asked before the person chose"
    assert page.evaluate("document.querySelector('h1') === document.activeElement")
    look_at_camera(page)
    expect(page.get_by_test_id("stage-tag")).to_have_text("Live")
    expect(page.get_by_test_id("caption-text")).not_to_be_empty()
    expect(page.get_by_test_id("caption-figures")).to_have_text(re.compile(r"Took \d+(\.\d)? m?s"))
    expect(page.get_by_test_id("vision-model-facts")).to_have_text(re.compile(r"\d m?s a frame"))
    assert page.get_by_test_id("look").first.locator("img").get_attribute("src").startswith("data:image/")  # type: ignore[union-attr]
    expect(page.get_by_test_id("vision-announcer")).not_to_be_empty()
    wait_looks(page, 3)
    page.get_by_test_id("live-toggle").click()
    expect(page.get_by_test_id("stage-tag")).to_have_text("Paused")
    page.wait_for_timeout(500)
    before = looks(page)
    page.wait_for_timeout(2500)
    assert looks(page) == before, "it looks although it is paused"
    page.get_by_test_id("live-toggle").click()
    wait_looks(page, before + 1)
    context.close()


def test_freeze_and_ask(seen: Page) -> None:
    look_at_camera(seen)
    seen.get_by_test_id("question").fill("What colour is it?")
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Frozen")
    expect(seen.get_by_test_id("answer")).not_to_be_empty()
    expect(seen.get_by_test_id("ask")).to_be_visible()
    expect(seen.get_by_test_id("look").first).to_contain_text("What colour is it?")
    before = looks(seen)
    seen.wait_for_timeout(2500)
    assert looks(seen) == before, "it looks although the frame is frozen"
    seen.get_by_test_id("thaw").click()
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Live")
    wait_looks(seen, before + 1)


def test_an_answer_can_be_stopped(seen: Page) -> None:
    seen.get_by_test_id("source-picture").set_input_files([file("red.png", "image/png", png(square(RED)))])
    expect(seen.get_by_test_id("look").first).to_be_visible()
    # The engine answers nothing any more, so that the stop has something to stop.
    seen.evaluate("eyes().postMessage = () => undefined")
    seen.get_by_test_id("question").fill("Tell me everything.")
    seen.get_by_test_id("ask").click()
    seen.get_by_test_id("answer-stop").click()
    expect(seen.get_by_test_id("ask")).to_be_visible()
    expect(seen.get_by_test_id("error")).to_have_count(0)
    seen.evaluate("delete eyes().postMessage")
    seen.get_by_test_id("look-again").click()
    expect(seen.get_by_test_id("caption-text")).not_to_be_empty()


@pytest.mark.parametrize("how", ["file", "paste", "drop"])
def test_a_picture_comes_by(seen: Page, how: str) -> None:
    content = png(square(BLUE))
    if how == "file":
        seen.get_by_test_id("source-picture").set_input_files([file("sea.png", "image/png", content)])
    else:
        carry(seen, how, "sea.png", "image/png", content)
    expect(seen.get_by_test_id("still")).to_have_attribute("aria-label", "sea.png")
    expect(seen.get_by_test_id("caption-text")).not_to_be_empty()
    expect(seen.get_by_test_id("look")).to_have_count(1)
    assert seen.evaluate("streams.length") == 0
    assert middle(seen) == list(BLUE)


def test_a_page_of_a_pdf(seen: Page) -> None:
    requests: list[str] = []
    seen.on("request", lambda request: requests.append(request.url))
    paper = pdf([square(RED, width=300, height=400), square(BLUE, width=300, height=400)])
    seen.get_by_test_id("source-pdf").set_input_files([file("two.pdf", "application/pdf", paper)])
    expect(seen.get_by_test_id("still")).to_have_attribute("aria-label", "two.pdf, page 1")
    expect(seen.get_by_test_id("caption-text")).not_to_be_empty()
    red = middle(seen)
    assert red[0] > 150 > red[2], red
    seen.get_by_test_id("pdf-next").click()
    expect(seen.get_by_test_id("still")).to_have_attribute("aria-label", "two.pdf, page 2")
    blue = middle(seen)
    assert blue[2] > 150 > blue[0], blue
    expect(seen.get_by_test_id("pdf-next")).to_be_disabled()
    seen.get_by_test_id("pdf-page").fill("1")
    seen.get_by_test_id("pdf-page").press("Enter")
    expect(seen.get_by_test_id("still")).to_have_attribute("aria-label", "two.pdf, page 1")
    assert any("pdf.worker" in url for url in requests)
    assert all(url.startswith((seen.url.split("#")[0], "blob:", "data:")) for url in requests), requests


@pytest.mark.parametrize(
    ("source", "sent", "words"),
    [
        ("picture", file("notes.txt", "text/plain", b"no picture"), "not a picture"),
        ("picture", file("cut.png", "image/png", png(plain(RED))[:90]), "not a picture"),
        ("pdf", file("torn.pdf", "application/pdf", b"%PDF-1.7\nnothing"), "damaged"),
        ("pdf", file("empty.pdf", "application/pdf", b""), "damaged"),
    ],
    ids=["text", "truncated picture", "torn PDF", "empty PDF"],
)
def test_what_cannot_be_shown_is_told(seen: Page, source: str, sent: dict[str, Any], words: str) -> None:
    seen.get_by_test_id(f"source-{source}").set_input_files([sent])
    error = seen.get_by_test_id("error")
    expect(error).to_contain_text(words)
    expect(error).to_contain_text(sent["name"])
    seen.get_by_test_id("source-picture").set_input_files([file("sea.png", "image/png", png(square(BLUE)))])
    expect(error).to_have_count(0)
    expect(seen.get_by_test_id("caption-text")).not_to_be_empty()


def test_a_locked_pdf_is_told(seen: Page) -> None:
    seen.get_by_test_id("source-pdf").set_input_files([file("secret.pdf", "application/pdf", locked_pdf())])
    expect(seen.get_by_test_id("error")).to_contain_text("locked with a password")


def test_a_file_that_is_too_large_is_told(seen: Page) -> None:
    seen.evaluate(
        """() => { const file = new File(["x"], "huge.png", { type: "image/png" });
          Object.defineProperty(file, "size", { value: 500_000_000 });
          const data = { files: [file] };
          const event = new ClipboardEvent("paste", { cancelable: true });
          Object.defineProperty(event, "clipboardData", { value: data });
          document.dispatchEvent(event); }"""
    )
    expect(seen.get_by_test_id("error")).to_contain_text("“huge.png” is too large: it has 500 MB.")


def test_denied(refusing: Browser, site: SiteServer) -> None:
    with vision(refusing, site) as page:
        page.get_by_test_id("source-camera").click()
        error = page.get_by_test_id("error")
        expect(error).to_contain_text("The camera is not allowed here.")
        expect(error).to_contain_text("Allow it for this page")
        expect(page.get_by_test_id("vision-welcome")).to_be_visible()
        page.get_by_test_id("source-picture").set_input_files([file("a.png", "image/png", png(square(RED)))])
        expect(page.get_by_test_id("caption-text")).not_to_be_empty()
        expect(error).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "words"),
    [("NotFoundError", "There is no camera."), ("NotReadableError", "another program may be using it")],
)
def test_a_camera_that_cannot_be_had(camera: Browser, site: SiteServer, name: str, words: str) -> None:
    failing = (
        f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('no', '{name}'); }};"
    )
    with vision(camera, site, script=failing) as page:
        page.get_by_test_id("source-camera").click()
        expect(page.get_by_test_id("error")).to_contain_text(words)


def test_a_camera_that_is_unplugged(seen: Page) -> None:
    look_at_camera(seen)
    seen.evaluate("for (const track of streams[0].getTracks()) track.dispatchEvent(new Event('ended'))")
    expect(seen.get_by_test_id("error")).to_contain_text("The camera went away.")
    assert seen.evaluate("live()") == 0
    seen.get_by_test_id("error-action").click()
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Live")


def test_the_screen(seen: Page) -> None:
    seen.get_by_test_id("source-screen").click()
    expect(seen.get_by_test_id("look").first).to_be_visible()
    expect(seen.get_by_test_id("vision-close")).to_contain_text("Stop sharing")
    seen.get_by_test_id("vision-close").click()
    expect(seen.get_by_test_id("vision-welcome")).to_be_visible()
    assert seen.evaluate("live()") == 0


LEAVINGS: dict[str, Callable[[Page], None]] = {
    "the tab": lambda page: page.get_by_test_id("go-chat").click(),
    "the source": lambda page: page.get_by_test_id("source-picture").set_input_files(
        [file("a.png", "image/png", png(plain(RED)))]
    ),
    "the camera": lambda page: page.get_by_test_id("vision-close").click(),
}


@pytest.mark.parametrize("what", ["the tab", "the source", "the camera"])
def test_leaving_switches_the_camera_off(seen: Page, what: str) -> None:
    look_at_camera(seen)
    assert seen.evaluate("live()") == 1
    LEAVINGS[what](seen)
    wait_until(seen, "live() === 0")


def test_a_camera_out_of_sight_is_switched_off(seen: Page) -> None:
    look_at_camera(seen)
    seen.evaluate(
        """() => { window.later = setTimeout;
          window.setTimeout = (work, ms, ...rest) => later(work, ms === 30000 ? 50 : ms, ...rest);
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    wait_until(seen, "live() === 0")
    seen.evaluate("window.setTimeout = later, delete document.hidden")
    expect(seen.get_by_test_id("vision-remark")).to_contain_text("out of sight")


def test_an_engine_that_dies_in_mid_caption_and_the_live_view_goes_on(seen: Page) -> None:
    look_at_camera(seen)
    for _ in range(2):
        before = looks(seen)
        seen.evaluate("eyes().terminate()")
        wait_looks(seen, before + 2)
    expect(seen.get_by_test_id("error")).to_have_count(0)
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Live")


def test_presets_and_an_own_prompt(seen: Page) -> None:
    look_at_camera(seen)
    for preset, name in (("count", "Count"), ("read", "Read the text")):
        seen.get_by_test_id(f"preset-{preset}").check()
        expect(seen.get_by_test_id("look").first).to_contain_text(name)
    seen.get_by_test_id("preset-own").check()
    expect(seen.get_by_test_id("caption")).to_contain_text("Write your own prompt above")
    seen.get_by_test_id("own-prompt").fill("Is the door open?")
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("look").first).to_contain_text("Own prompt")


def test_what_changed_compares_with_the_frame_before(seen: Page) -> None:
    look_at_camera(seen)
    seen.get_by_test_id("preset-changes").check()
    expect(seen.get_by_test_id("how-compared")).to_contain_text("compares its words")
    expect(seen.get_by_test_id("caption")).to_contain_text(re.compile("Nothing changed.|Before: "))


def test_an_interval_is_kept(seen: Page) -> None:
    look_at_camera(seen)
    seen.get_by_test_id("interval").select_option("15000")
    expect(seen.get_by_test_id("look").first).to_be_visible()
    seen.wait_for_timeout(4000)
    before = looks(seen)
    seen.wait_for_timeout(4000)
    assert looks(seen) == before
    seen.get_by_test_id("interval").select_option("0")
    wait_looks(seen, before + 3)


def test_the_keyboard_alone_is_enough(seen: Page) -> None:
    seen.get_by_test_id("source-camera").focus()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("look").first).to_be_visible()
    expect(seen.get_by_test_id("source-camera")).to_be_focused()
    seen.get_by_test_id("freeze").focus()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("thaw")).to_be_focused()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("freeze")).to_be_focused()
    seen.get_by_test_id("preset-describe").focus()
    seen.keyboard.press("ArrowRight")
    expect(seen.get_by_test_id("preset-read")).to_be_checked()
    seen.get_by_test_id("vision-close").focus()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("source-camera")).to_be_focused()


def test_a_model_is_chosen(seen: Page) -> None:
    button = seen.get_by_test_id("vision-model")
    expect(seen.get_by_test_id("vision-model-name")).not_to_have_text("Vision models")
    button.click()
    dialog = seen.get_by_test_id("vision-models")
    expect(dialog.get_by_test_id("model").first).to_be_visible()
    assert accessibility_problems(seen) == []
    listed = dialog.get_by_test_id("model").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    seeing = seen.evaluate("alcove.models.list().then((all) => all.filter((m) => m.sees).map((m) => m.id))")
    assert set(listed) <= set(seeing)
    assert "scene-vlm" in listed
    seen.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_and_nobody_is_shut_out(camera: Browser, site: SiteServer, scheme: Any) -> None:
    with vision(camera, site, viewport=PHONE) as page:
        page.emulate_media(color_scheme=scheme)
        assert accessibility_problems(page) == []
        assert _overflow(page) == 0
        look_at_camera(page)
        assert accessibility_problems(page) == []
        assert _overflow(page) == 0
        expect(page.get_by_test_id("caption")).to_be_in_viewport(ratio=1)
        height = page.get_by_test_id("stage").bounding_box()["height"]  # type: ignore[index]
        page.get_by_test_id("freeze").click()
        assert page.get_by_test_id("stage").bounding_box()["height"] == height  # type: ignore[index]
        assert accessibility_problems(page) == []
        page.get_by_test_id("go-chat-compact").click()
        expect(page.get_by_test_id("composer")).to_be_visible()
        assert page.evaluate("live()") == 0
        page.get_by_test_id("go-vision-compact").click()
        expect(page.get_by_test_id("vision-welcome")).to_be_visible()


def test_chat_goes_on_beside_it(camera: Browser, site: SiteServer) -> None:
    with vision(camera, site) as page:
        wait_ready(page)
        page.get_by_test_id("go-chat").click()
        page.get_by_test_id("composer").fill("A draft that must stay")
        page.get_by_test_id("go-vision").click()
        look_at_camera(page)
        page.go_back()
        expect(page.get_by_test_id("composer")).to_have_value("A draft that must stay")
        assert page.evaluate("live()") == 0
        page.go_forward()
        expect(page.get_by_test_id("vision-welcome")).to_be_visible()


def _overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
