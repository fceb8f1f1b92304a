"""What can be looked at, what cannot, and that no camera stays switched on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pictures import carry, file, locked_pdf, pdf, png
from playwright.sync_api import Browser, Page, expect
from scenes import BLUE, RED, plain, square
from vision_tab import look_at_camera, middle, vision
from waiting import wait_until

from build_steps.serve import SiteServer

pytest_plugins = ["vision_tab_fixtures"]


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


def test_a_scanned_page_in_jpeg_2000(seen: Page) -> None:
    """Its decoder is a file of the site's, too."""
    scan = np.dstack([square(BLUE), np.full((480, 640), 255, np.uint8)])
    paper = pdf([scan])
    assert b"JPXDecode" in paper
    seen.get_by_test_id("source-pdf").set_input_files([file("scan.pdf", "application/pdf", paper)])
    expect(seen.get_by_test_id("still")).to_have_attribute("aria-label", "scan.pdf, page 1")
    blue = middle(seen)
    assert blue[2] > 150 > blue[0], blue


def test_another_camera(two_cameras: Browser, site: SiteServer) -> None:
    with vision(two_cameras, site) as page:
        look_at_camera(page)
        choice = page.get_by_test_id("camera-choice")
        expect(choice.locator("option")).to_have_count(2)
        first = choice.input_value()
        page.get_by_test_id("camera-flip").click()
        expect(choice).not_to_have_value(first)
        expect(page.get_by_test_id("stage-tag")).to_have_text("Live")
        choice.select_option(first)
        wait_until(page, "streams.length === 3 && live() === 1")
        expect(choice).to_have_value(first)
        # A camera that looks at the person is a mirror, any other is not.
        faces = page.evaluate("streams.at(-1).getVideoTracks()[0].getSettings().facingMode === 'user'")
        expect(page.get_by_test_id("stage")).to_have_attribute("data-mirrored", "true" if faces else "false")


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
    assert seen.evaluate("live()") == 1
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
