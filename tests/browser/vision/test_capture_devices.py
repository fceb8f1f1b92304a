"""Cameras and screens that are refused, missing, several, and shared, through Chromium's fake devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsers import CHROMIUM_FLAGS, chromium_path
from capture import empty_page
from playwright.sync_api import Browser, Page, Playwright
from scenes import BLUE, camera_browser
from waiting import wait_for

from build_steps.serve import SiteServer


@pytest.fixture
def page(red_camera: Browser, site: SiteServer) -> Iterator[Page]:
    with empty_page(red_camera, site) as page:
        yield page


def test_a_permission_that_is_denied(playwright: Playwright, site: SiteServer) -> None:
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    with empty_page(browser, site) as page:
        camera = page.evaluate(
            """async () => {
                const camera = new A.VideoCapture();
                const ready = camera.ready.then(() => "ready", ({ code }) => code);
                const error = await attempt(() => camera.start());
                return { ...error, ready: await ready, on: camera.isCapturing };
            }"""
        )
        screen = page.evaluate("() => attempt(() => new A.ScreenCapture().start())")
    browser.close()
    assert camera["name"] == "AlcoveError"
    assert camera["code"] == camera["ready"] == "unsupported"
    assert "not allowed" in camera["message"]
    assert "Allow it" in camera["action"]
    assert camera["on"] is False
    assert screen["code"] == "unsupported"
    assert screen["action"]


def test_a_question_that_nobody_answers_ends_with_stop(playwright: Playwright, site: SiteServer) -> None:
    """Without a window to ask in, the browser's question about the screen stays open."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    with empty_page(browser, site) as page:
        outcome = page.evaluate(
            """async () => {
                const screen = new A.ScreenCapture();
                const started = attempt(() => screen.start());
                await until(() => asking === 1);
                screen.stop();
                return [asking, (await started).code];
            }"""
        )
    browser.close()
    assert outcome == [1, "cancelled"], "the browser answered"


def test_no_camera(playwright: Playwright, site: SiteServer) -> None:
    flags = [*CHROMIUM_FLAGS, "--use-fake-ui-for-media-stream"]
    none = "--use-fake-device-for-media-stream=device-count=0"
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*flags, none])
    with empty_page(browser, site) as page:
        error = page.evaluate("() => attempt(() => new A.VideoCapture().start())")
        assert page.evaluate("() => A.VideoCapture.cameras()") == []
    browser.close()
    assert error["code"] == "unsupported"
    assert error["message"] == "There is no camera."


def test_a_page_that_is_not_secure(playwright: Playwright, site: SiteServer) -> None:
    host = site.url.replace("localhost", "alcove.test").replace("127.0.0.1", "alcove.test")
    assert host != site.url
    with (
        camera_browser(playwright, None, "--host-resolver-rules=MAP alcove.test 127.0.0.1") as browser,
        empty_page(browser, site, host) as page,
    ):
        assert page.evaluate("isSecureContext") is False
        for call in (
            "new A.VideoCapture().start()",
            "A.VideoCapture.cameras()",
            "new A.ScreenCapture().start()",
        ):
            error = page.evaluate(f"() => attempt(() => {call})")
            assert error["code"] == "unsupported"
            assert "secure" in error["message"]
            assert "https" in error["action"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("NotReadableError", "another program"),
        ("AbortError", "another program"),
        ("TypeError", "did not start"),
    ],
)
def test_a_camera_that_does_not_start(page: Page, name: str, says: str) -> None:
    """The fake camera is never in use elsewhere, so the browser's answer is made here."""
    got = page.evaluate(
        """async (name) => {
            const original = navigator.mediaDevices.getUserMedia;
            navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", name); };
            const camera = new A.VideoCapture();
            const error = await attempt(() => camera.start());
            navigator.mediaDevices.getUserMedia = original;
            await camera.start();
            return { ...error, later: camera.captureFrame(8).width };
        }""",
        name,
    )
    assert got["code"] == "unsupported"
    assert says in got["message"]
    assert got["action"]
    assert got["later"] == 8, "the next start works"


def test_two_cameras(playwright: Playwright, site: SiteServer) -> None:
    two = "--use-fake-device-for-media-stream=device-count=2"
    with camera_browser(playwright, None, two) as browser, empty_page(browser, site) as page:
        got: dict[str, Any] = page.evaluate(
            """async () => {
                const camera = new A.VideoCapture({ facingMode: "user" });
                await camera.start();
                const cameras = await A.VideoCapture.cameras();
                const used = [camera.deviceId];
                await camera.flip();
                used.push(camera.deviceId);
                await camera.flip();
                used.push(camera.deviceId);
                await camera.choose(cameras[1].id);
                used.push(camera.deviceId);
                const gone = await attempt(() => camera.choose("no-such-camera"));
                const still = [camera.deviceId, camera.captureFrame(8).width];
                return { cameras, used, gone, still, live: live() };
            }"""
        )
    first, second = (camera["id"] for camera in got["cameras"])
    assert all(camera["label"] for camera in got["cameras"])
    assert got["used"] == [first, second, first, second]
    assert got["gone"]["code"] == "unsupported"
    assert got["gone"]["message"] == "This camera is not there any more."
    assert got["still"] == [second, 8], "the camera before runs on"
    assert got["live"] == 1


def test_one_camera_cannot_be_flipped(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const camera = new A.VideoCapture();
            await camera.start();
            const error = await attempt(() => camera.flip());
            return { ...error, still: camera.captureFrame(8).width };
        }"""
    )
    assert got["code"] == "unsupported"
    assert "only one camera" in got["message"]
    assert got["still"] == 8


def test_the_screen(page: Page) -> None:
    """Chromium's fake screen is one colour at a time, 1280 × 720."""
    got = page.evaluate(
        """async () => {
            const screen = new A.ScreenCapture();
            const before = screen.captureFrame();
            await screen.start();
            const frame = screen.captureFrame(256);
            const heard = [];
            screen.addEventListener("ended", ({ detail }) => heard.push(detail.code));
            streams[0].getVideoTracks()[0].dispatchEvent(new Event("ended"));
            const after = [screen.isCapturing, screen.captureFrame(), live()];
            const left = screen.videoElement.srcObject;
            return { before, size: [frame.width, frame.height], heard, after, left };
        }"""
    )
    assert got["before"] is None
    assert got["size"] == [256, 144]
    assert got["heard"] == ["cancelled"]
    assert got["after"] == [False, None, 0]
    assert got["left"] is None


def test_a_tab_that_is_shared_shows_what_is_on_it(playwright: Playwright, site: SiteServer) -> None:
    tab = "--use-fake-device-for-media-stream=display-media-type=browser"
    with camera_browser(playwright, None, tab) as browser, empty_page(browser, site) as page:
        page.evaluate(
            """async (colour) => {
                const screen = new A.ScreenCapture();
                await screen.start();
                document.body.replaceChildren();
                document.documentElement.style.background = `rgb(${colour})`;
                window.middle = () => pixel(screen.captureFrame(64), 32, 16);
                window.tab = screen;
            }""",
            list(BLUE),
        )

        def shows_blue() -> bool:
            middle = page.evaluate("middle()")
            return all(abs(a - b) <= 8 for a, b in zip(middle, BLUE, strict=True))

        wait_for(page, shows_blue, "the capture shows the colour of the page", 20_000)
        assert page.evaluate("live()") == 1
        page.evaluate("tab.stop()")
        assert page.evaluate("live()") == 0
