"""`describe` as a web developer uses it, on models with random weights: pictures, options, stops, queues."""

from __future__ import annotations

import io
from typing import Any

import pytest
from eyes import looking_page, works
from hub import Hub
from PIL import Image
from playwright.sync_api import Browser, Page, Route
from scenes import RED

from build_steps.serve import SiteServer

pytest_plugins = ["eye_fixtures"]


@pytest.fixture(scope="module")
def page(seeing: Page) -> Page:
    return seeing


def test_what_describe_tells(page: Page) -> None:
    result, pieces = page.evaluate(
        """async () => {
            const pieces = [];
            return [await look(draw(77), { onText: (piece) => pieces.push(piece) }), pieces];
        }"""
    )
    assert result["text"] == "".join(pieces)
    assert 0 < result["completionTokens"] <= 12
    assert result["imageTokens"] == 36
    assert result["promptTokens"] > result["imageTokens"]
    assert result["totalTokens"] == result["promptTokens"] + result["completionTokens"]
    assert 0 < result["imageEncodeTimeMs"] <= result["timeToFirstTokenMs"] <= result["totalTimeMs"]
    assert result["hardwareUsed"] == "CPU"
    assert result["finishReason"] in {"stop", "length"}


def test_the_same_picture_in_any_form_gives_the_same_words(page: Page) -> None:
    texts = page.evaluate(
        """async () => {
            const canvas = draw(5);
            const rgba = pixelsOf(canvas);
            const rgb = { ...rgba, data: new Uint8Array(rgba.data.filter((_, i) => i % 4 !== 3)) };
            const file = await canvas.convertToBlob();
            const url = await new Promise((resolve) => {
              const reader = new FileReader();
              reader.onload = () => resolve(reader.result);
              reader.readAsDataURL(file);
            });
            const image = new Image();
            image.src = URL.createObjectURL(file);
            const element = Object.assign(document.createElement("canvas"), { width: 96, height: 96 });
            element.getContext("2d").drawImage(canvas, 0, 0);
            const forms = { canvas, element, rgba, rgb, file, url, image, base64: url.split(",")[1],
              data: canvas.getContext("2d").getImageData(0, 0, 96, 96),
              bitmap: await createImageBitmap(canvas), named: new File([file], "a.png") };
            const texts = {};
            for (const [name, picture] of Object.entries(forms)) texts[name] = (await look(picture)).text;
            texts.other = (await look(draw(6))).text;
            return texts;
        }"""
    )
    other = texts.pop("other")
    assert len(set(texts.values())) == 1, texts
    assert len(texts) == 11
    assert other != texts["rgb"], "the model does not look at all"


@pytest.mark.parametrize(
    "picture",
    [
        "null",
        "undefined",
        "42",
        "{}",
        "[]",
        "''",
        "'not a picture!'",
        "'https://example.org/cat.png'",
        "'data:image/png;base64,AAAA'",
        "new Blob(['<p>please log in'])",
        "new Blob([])",
        "new OffscreenCanvas(0, 10)",
        "document.createElement('canvas').transferControlToOffscreen() && document.createElement('video')",
        "new Image()",
        "Object.assign(new Image(), { src: 'data:image/png;base64,AAAA' })",
        "{ data: new Uint8Array(10), width: 5, height: 5 }",
        "{ data: new Uint8Array(0), width: 0, height: 0 }",
        "{ data: new Uint8Array(75), width: 5.5, height: 5 }",
        "{ data: 'pixels', width: 5, height: 5 }",
        "document.body",
    ],
)
def test_what_is_no_picture_is_refused(page: Page, picture: str) -> None:
    error = page.evaluate(f"() => attempt(() => look({picture}))")
    assert error.get("name") == "AlcoveError", error
    assert error["code"] == "bad-request"
    assert error["action"]
    assert works(page)


def test_a_picture_of_another_site_is_refused(
    red_camera: Browser, site: SiteServer, models: list[dict[str, Any]], hub: Hub
) -> None:
    """A developer's own page shows it, but may not read it."""
    data = io.BytesIO()
    Image.new("RGB", (20, 20), RED).save(data, "PNG")

    def answer(route: Route) -> None:
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
        route.fulfill(body=data.getvalue(), content_type="image/png", headers=headers)

    with looking_page(red_camera, site, models, own=True) as page:
        page.route("**/other.png", answer)
        frame = page.evaluate(
            """async (url) => {
                const image = new Image();
                image.src = url;
                await image.decode();
                const eye = await alcove.openVision({ model: "one" });
                return { shown: image.naturalWidth, ...(await attempt(() => eye.describe(image, "What?"))) };
            }""",
            hub.url.replace("127.0.0.1", "localhost") + "other.png",
        )
    assert frame["shown"] == 20
    assert frame["code"] == "bad-request"
    assert "another site" in frame["message"]


@pytest.mark.parametrize(
    "options",
    [
        "{maxTokens: 0}",
        "{maxTokens: 1.5}",
        "{temperature: -1}",
        "{temperature: 9}",
        "{topP: 2}",
        "{topP: 'x'}",
    ],
)
def test_options_out_of_their_range_are_refused(page: Page, options: str) -> None:
    error = page.evaluate(f"() => attempt(() => look(draw(1), {options}))")
    assert error["code"] == "bad-request"
    assert error["action"]


@pytest.mark.parametrize("prompt", ["null", "7", "['What?']"])
def test_a_question_that_is_no_text_is_refused(page: Page, prompt: str) -> None:
    error = page.evaluate(f"() => attempt(() => look(draw(1), {{}}, {prompt}))")
    assert error["code"] == "bad-request"


def test_the_system_prompt_reaches_the_model(page: Page) -> None:
    lengths = page.evaluate(
        """async () => {
            const short = await look(draw(1));
            const long = await look(draw(1), { systemPrompt: "Answer in one word. ".repeat(5) });
            return [short.promptTokens, long.promptTokens, short.text === long.text];
        }"""
    )
    assert lengths[1] > lengths[0] + 20
    assert lengths[2] is False


def test_the_callers_picture_stays_as_it_was_and_may_change_at_once(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const pixels = pixelsOf(draw(8));
            const bitmap = await createImageBitmap(draw(8));
            const first = (await look(pixels)).text;
            const waiting = [look(draw(2)), look(pixels), look(bitmap)];
            pixels.data.fill(0);
            bitmap.close();
            const [, later, third] = await Promise.all(waiting);
            return [first, later.text, third.text, pixels.data.length];
        }"""
    )
    assert got[0] == got[1] == got[2]
    assert got[3] == 96 * 96 * 4


def test_a_large_image_does_not_stall_the_page(page: Page) -> None:
    """8000 × 6000 pixels as a file, and as an <img> that the page shows."""
    data = io.BytesIO()
    Image.new("RGB", (8000, 6000), RED).save(data, "PNG")
    page.route("**/large.png", lambda route: route.fulfill(body=data.getvalue(), content_type="image/png"))
    got = page.evaluate(
        """async () => {
            const image = new Image();
            image.src = "large.png";
            await image.decode();
            const file = await (await fetch("large.png")).blob();
            const tasks = [];
            const watch = new PerformanceObserver((list) =>
              tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration))));
            watch.observe({ type: "longtask" });
            const texts = [(await look(file)).text, (await look(image)).text];
            // A long task of the test's own: when it is told, all that came before it was.
            const began = performance.now();
            while (performance.now() < began + 120);
            while (!tasks.some((duration) => duration >= 120)) await new Promise((go) => setTimeout(go, 5));
            return { texts, tasks };
        }"""
    )
    assert len(set(got["texts"])) == 1
    assert len(got["tasks"]) == 1, got["tasks"]


def test_an_abort_ends_with_what_was_said(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const at = (when) => { const stop = new AbortController(); when(stop); return stop.signal; };
            const before = await look(draw(1), { signal: AbortSignal.abort() });
            const stop = new AbortController();
            let heard = "";
            const running = look(draw(1), { maxTokens: 400, signal: stop.signal,
              onText: (piece) => { heard += piece; if (heard.length > 4) stop.abort(); } });
            const waiting = look(draw(2), { signal: at((s) => setTimeout(() => s.abort(), 1)) });
            const began = performance.now();
            const [first, second] = await Promise.all([running, waiting]);
            return { before, first, second, heard, ms: performance.now() - began };
        }"""
    )
    for name in ("before", "first", "second"):
        assert got[name]["finishReason"] == "cancelled"
    assert got["before"]["text"] == got["second"]["text"] == ""
    assert got["first"]["text"] == got["heard"]
    assert 0 < got["first"]["completionTokens"] < 400
    assert works(page)


def test_a_hundred_at_once_queue_up_to_a_bound(page: Page) -> None:
    outcomes = page.evaluate(
        """async () => {
            const alone = (await look(draw(4), { maxTokens: 4 })).text;
            const all = Array.from({ length: 100 }, () => attempt(() => look(draw(4), { maxTokens: 4 })));
            const outcomes = await Promise.all(all);
            return outcomes.map(({ value, code }) => code ?? (value.text === alone ? "same" : value.text));
        }"""
    )
    assert outcomes == ["same"] * 33 + ["busy"] * 67
    assert works(page)
