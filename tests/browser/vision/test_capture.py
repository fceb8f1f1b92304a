"""The camera as single pictures, through Chromium's fake devices: frames, starts and stops."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from capture import empty_page
from playwright.sync_api import Browser, Page, Playwright
from scenes import BLUE, GREY, RED, camera_browser, plain, write_video
from waiting import wait_for

from build_steps.serve import SiteServer


@pytest.fixture
def page(red_camera: Browser, site: SiteServer) -> Iterator[Page]:
    with empty_page(red_camera, site) as page:
        yield page


def close_to(pixel: list[int], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(pixel, colour, strict=True))


def shows(page: Page, colour: tuple[int, int, int]) -> bool:
    return close_to(page.evaluate("colour()"), colour)


def test_frames_are_what_the_camera_shows(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const camera = new A.VideoCapture({ facingMode: "environment" });
            const before = [camera.captureFrame(), camera.isCapturing, camera.videoElement.videoWidth];
            await camera.start();
            const frames = [256, 64, 5000, 1].map((most) => camera.captureFrame(most));
            const sizes = frames.map((f) => [f.width, f.height, f.rgbPixels.length]);
            const [frame] = frames;
            const native = [camera.videoWidth, camera.videoHeight];
            return { before, capturing: camera.isCapturing, ready: await camera.ready, sizes, native,
                     middle: pixel(frame, 128, 96), corner: pixel(frame, 3, 3) };
        }"""
    )
    assert got["before"] == [None, False, 0]
    assert got["capturing"] is True
    assert got["native"] == [640, 480]
    expected = [(256, 192), (64, 48), (640, 480), (1, 1)]
    assert got["sizes"] == [[w, h, 3 * w * h] for w, h in expected]
    assert close_to(got["middle"], RED)
    assert close_to(got["corner"], GREY)


@pytest.mark.parametrize("size", ["0", "-5", "NaN", "'wide'"])
def test_a_size_that_is_none_is_refused(page: Page, size: str) -> None:
    error = page.evaluate(f"() => attempt(() => new A.VideoCapture().captureFrame({size}))")
    assert error["code"] == "bad-request"


def test_ready_is_there_before_start_and_nobody_gets_an_empty_frame(page: Page) -> None:
    sizes = page.evaluate(
        """async () => {
            const camera = new A.VideoCapture();
            const seen = [];
            const ask = () => seen.push(camera.captureFrame()?.width ?? 256);
            const asking = setInterval(ask, 1);
            const first = camera.ready.then(() => camera.captureFrame().width);
            await Promise.all([camera.start(), camera.start()]);
            seen.push(await first);
            clearInterval(asking);
            camera.stop();
            return [...new Set(seen), streams.length, live()];
        }"""
    )
    assert sizes == [256, 1, 0], "two starts at once are one"


def test_stop_frees_the_camera_and_start_takes_it_again(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const camera = new A.VideoCapture();
            const video = camera.videoElement;
            const lived = [];
            for (let i = 0; i < 3; i++) {
              await camera.start();
              lived.push(live(), camera.captureFrame(8).width);
              camera.stop();
              lived.push(live(), camera.captureFrame(8), camera.isCapturing, video.srcObject);
            }
            camera.stop();
            return { lived, same: video === camera.videoElement };
        }"""
    )
    assert got == {"lived": [1, 8, 0, None, False, None] * 3, "same": True}


def test_a_start_that_is_stopped_leaves_no_camera_running(page: Page) -> None:
    """Whenever the stop comes: before the browser gives the stream, and before its first picture."""
    got = page.evaluate(
        """async () => {
            const camera = new A.VideoCapture();
            const outcomes = [];
            for (const wait of [0, 1, 5, 20, 60]) {
              const ready = camera.ready.then(() => "ready", ({ code }) => code);
              const started = attempt(() => camera.start());
              if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
              camera.stop();
              outcomes.push((await started).code ?? "started", await ready);
            }
            await answered();
            const [given, left] = [streams.length, live()];
            const again = (await attempt(() => camera.start())).code ?? camera.captureFrame(8).width;
            return { outcomes: outcomes.slice(0, 2), all: new Set(outcomes).size, given, left,
                     again, now: live() };
        }"""
    )
    assert got["outcomes"] == ["cancelled", "cancelled"]
    assert got["given"] > 0, "the browser gave no camera that could be left running"
    assert got["left"] == 0
    assert got["again"] == 8
    assert got["now"] == 1


def test_a_stop_and_a_start_at_once_run_the_second(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const camera = new A.VideoCapture();
            const first = attempt(() => camera.start());
            camera.stop();
            await camera.start();
            await answered();
            return { first: (await first).code, width: camera.captureFrame(8).width, live: live() };
        }"""
    )
    assert got == {"first": "cancelled", "width": 8, "live": 1}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        # The fake camera cannot be pulled out; a track that loses its device says just this.
        ("streams[0].getVideoTracks()[0].dispatchEvent(new Event('ended'))", "unsupported"),
        ("window.dispatchEvent(new PageTransitionEvent('pagehide'))", "cancelled"),
    ],
)
def test_a_camera_that_goes_away_is_told(page: Page, how: str, code: str) -> None:
    got = page.evaluate(
        f"""async () => {{
            const camera = new A.VideoCapture();
            const heard = [];
            camera.addEventListener("ended", ({{ detail }}) => heard.push(detail));
            await camera.start();
            {how};
            const after = [camera.isCapturing, camera.captureFrame(), live()];
            await camera.start();
            camera.stop();
            return {{ heard: heard.map(({{ code, message, action }}) => [code, message, action]), after }};
        }}"""
    )
    assert got["after"] == [False, None, 0]
    [[got_code, message, action]] = got["heard"]
    assert got_code == code
    assert message
    assert action


def test_a_stream_without_a_picture_ends_in_time(page: Page) -> None:
    page.clock.install()
    got = page.evaluate_handle(
        """() => {
            navigator.mediaDevices.getUserMedia = async () => {
              const stream = document.createElement("canvas").captureStream(0);
              streams.push(stream);
              return stream;
            };
            const camera = new A.VideoCapture();
            return { done: attempt(() => camera.start()), camera };
        }"""
    )
    got.evaluate("({ camera }) => until(() => camera.videoElement.srcObject)")
    assert got.evaluate("({ camera }) => camera.captureFrame()") is None
    assert page.evaluate("live()") == 1
    page.clock.fast_forward(21_000)
    error = got.evaluate("({ done }) => done")
    assert error["code"] == "timeout"
    assert error["action"]
    assert page.evaluate("live()") == 0


def test_a_picture_that_changes_is_seen(playwright: Playwright, site: SiteServer, tmp_path: Path) -> None:
    video = write_video(tmp_path / "two.y4m", [plain(RED)] * 10 + [plain(BLUE)] * 10)
    with camera_browser(playwright, video) as browser, empty_page(browser, site) as page:
        page.evaluate(
            """async () => {
                const camera = new A.VideoCapture();
                await camera.start();
                window.colour = () => pixel(camera.captureFrame(8), 4, 4);
            }"""
        )
        for colour in (RED, BLUE, RED):
            wait_for(page, partial(shows, page, colour), f"the camera shows {colour}", 20_000)
