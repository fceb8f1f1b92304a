"""The camera and the screen as single pictures, through Chromium's fake devices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import CHROMIUM_FLAGS, chromium_path
from playwright.sync_api import Browser, Page, Playwright
from scenes import BLUE, GREY, RED, camera_browser, plain, square, visitor, write_video

from build_steps.serve import SiteServer

# Every stream that the browser gives is kept in `streams`.
_PREPARE = """async (url) => {
  window.A = await import(url);
  window.streams = [];
  for (const name of ["getUserMedia", "getDisplayMedia"]) {
    const original = navigator.mediaDevices?.[name]?.bind(navigator.mediaDevices);
    if (original) navigator.mediaDevices[name] = async (wish) => {
      const stream = await original(wish);
      streams.push(stream);
      return stream;
    };
  }
  window.live = () => streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === "live").length;
  window.attempt = async (work) => {
    try { return { value: await work() }; }
    catch ({ name, code, message, action }) { return { name, code, message, action }; }
  };
  window.pixel = ({ rgbPixels, width }, x, y) => [...rgbPixels.slice((y * width + x) * 3).slice(0, 3)];
}"""


@contextmanager
def empty_page(browser: Browser, site: SiteServer, origin: str | None = None) -> Iterator[Page]:
    """A page of the site that runs nothing of ours but what a test calls."""
    context = visitor(browser)
    page = context.new_page()
    root = origin or site.url
    page.goto(root + "build.json")
    page.evaluate(_PREPARE, root + "alcove.js")
    yield page
    context.close()


@pytest.fixture(scope="module")
def camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A camera that shows a red square on grey."""
    video = write_video(tmp_path_factory.mktemp("camera") / "red.y4m", [square(RED)] * 2)
    with camera_browser(playwright, video) as browser:
        yield browser


@pytest.fixture
def page(camera: Browser, site: SiteServer) -> Iterator[Page]:
    with empty_page(camera, site) as page:
        yield page


def close_to(pixel: list[int], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(pixel, colour, strict=True))


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
            await new Promise((resolve) => setTimeout(resolve, 500));
            const left = live();
            const again = (await attempt(() => camera.start())).code ?? camera.captureFrame(8).width;
            return { outcomes: outcomes.slice(0, 2), all: new Set(outcomes).size, left, again, now: live() };
        }"""
    )
    assert got["outcomes"] == ["cancelled", "cancelled"]
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
            await new Promise((resolve) => setTimeout(resolve, 300));
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
                const soon = new Promise((go) => setTimeout(go, 500, "asking"));
                const early = await Promise.race([started, soon]);
                screen.stop();
                return [early, (await started).code];
            }"""
        )
    browser.close()
    assert outcome == ["asking", "cancelled"]


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
    page.wait_for_timeout(200)
    assert got.evaluate("({ camera }) => camera.captureFrame()") is None
    page.clock.fast_forward(21_000)
    error = got.evaluate("({ done }) => done")
    assert error["code"] == "timeout"
    assert error["action"]
    assert page.evaluate("live()") == 0


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
        got = page.evaluate(
            """async (colour) => {
                const screen = new A.ScreenCapture();
                await screen.start();
                document.body.innerHTML = "";
                document.documentElement.style.background = `rgb(${colour})`;
                await new Promise((resolve) => setTimeout(resolve, 1500));
                const frame = screen.captureFrame(64);
                screen.stop();
                return { middle: pixel(frame, 32, 16), live: live() };
            }""",
            list(BLUE),
        )
    assert all(abs(a - b) <= 8 for a, b in zip(got["middle"], BLUE, strict=True)), got
    assert got["live"] == 0


def test_a_picture_that_changes_is_seen(playwright: Playwright, site: SiteServer, tmp_path: Path) -> None:
    video = write_video(tmp_path / "two.y4m", [plain(RED)] * 10 + [plain(BLUE)] * 10)
    with camera_browser(playwright, video) as browser, empty_page(browser, site) as page:
        colours = page.evaluate(
            """async () => {
                const camera = new A.VideoCapture();
                await camera.start();
                const seen = [];
                for (let i = 0; i < 60; i++) {
                  seen.push(pixel(camera.captureFrame(8), 4, 4));
                  await new Promise((resolve) => setTimeout(resolve, 50));
                }
                return seen;
            }"""
        )
    assert any(close_to(colour, RED) for colour in colours)
    assert any(close_to(colour, BLUE) for colour in colours)
