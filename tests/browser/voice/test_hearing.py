"""The microphone, and what tells speech from silence, in a real browser."""

from __future__ import annotations

from browsers import CHROMIUM_FLAGS, chromium_path
from capture import empty_page
from playwright.sync_api import Page, Playwright

from build_steps.serve import SiteServer


def test_what_is_said_is_one_segment_from_its_first_word(page: Page) -> None:
    """Seed 001's fifth block with a microphone in front: the seed's spelling `initialize`."""
    heard = page.evaluate(
        """async () => {
            const { AudioCapture, SpeechActivity, VAD } = A;
            let longest = 0;
            new PerformanceObserver((list) => {
                for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
            }).observe({ type: "longtask" });
            await VAD.initialize({ modelPath: "/models/silero_vad.onnx" });
            const told = [];
            let segment = null;
            VAD.onSpeechActivity((activity) => {
                if (activity !== SpeechActivity.Ongoing) told.push(activity);
                if (activity === SpeechActivity.Ended) segment = VAD.popSpeechSegment();
            });
            const capture = new AudioCapture();
            let loudest = 0;
            await capture.start((chunk) => VAD.processSamples(chunk), (level) => {
                loudest = Math.max(loudest, level);
            });
            const on = [live(), capture.isCapturing];
            await until(() => segment);
            const seconds = capture.bufferDurationSeconds;
            capture.stop();
            VAD.cleanup();
            return {
                told, on, loudest, seconds, off: [live(), capture.isCapturing], longest,
                from: segment.startTime / 16000, length: segment.samples.length / 16000,
            };
        }"""
    )
    assert heard["told"] == ["started", "ended"]
    assert heard["on"] == [1, True]
    assert heard["off"] == [0, False]
    assert heard["loudest"] > 0.05
    # 3.4 s of speech, with what is kept before and after it.
    assert 3.2 < heard["length"] < 4.4
    assert heard["from"] < heard["seconds"] - heard["length"]


def test_a_microphone_that_is_not_allowed(playwright: Playwright, site: SiteServer) -> None:
    flags = [*CHROMIUM_FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    with empty_page(browser, site) as page:
        error = page.evaluate("() => attempt(() => new A.Microphone().start())")
    browser.close()
    assert error["code"] == "unsupported"
    assert "not allowed" in error["message"]
    assert "Allow it" in error["action"]


def test_a_microphone_that_is_absent_or_taken(page: Page) -> None:
    """As Chromium throws it; its fake devices always have a microphone."""
    told = page.evaluate(
        """async () => {
            const told = [];
            for (const name of ["NotFoundError", "NotReadableError", "OverconstrainedError"]) {
                navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", name); };
                const microphone = new A.Microphone();
                const { code, message } = await attempt(() => microphone.start());
                told.push([code, message, microphone.isCapturing]);
            }
            return told;
        }"""
    )
    assert [code for code, _, _ in told] == ["unsupported"] * 3
    for (_, message, on), words in zip(told, ["no microphone", "another program", "not there"], strict=True):
        assert words in message
        assert not on


def test_a_microphone_that_is_unplugged_changed_and_started_again(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const microphone = new A.Microphone();
            const ended = new Promise((resolve) =>
                microphone.addEventListener("ended", ({ detail }) => resolve(detail), { once: true }));
            const stopped = attempt(() => microphone.start());
            microphone.stop();
            const early = (await stopped).code;
            await microphone.start();
            const [track] = streams.at(-1).getTracks();
            track.dispatchEvent(new Event("ended"));
            const error = await ended;
            const off = [live(), microphone.isCapturing];
            const [{ id }] = await A.Microphone.microphones();
            let frames = 0;
            microphone.tap().onmessage = () => frames++;
            await microphone.start();
            await microphone.choose(id);
            const before = frames;
            await until(() => frames > before + 5);
            const on = [live(), microphone.isCapturing, microphone.deviceId === id];
            microphone.stop();
            return { early, message: error.message, off, on, muted: microphone.muted };
        }"""
    )
    assert told["early"] == "cancelled"
    assert told["message"] == "The microphone went away."
    assert told["off"] == [0, False]
    assert told["on"] == [1, True, True]
    assert told["muted"] is False
