"""`openVision` and `describe` as a web developer uses them, on models with random weights."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eyes import engine_worker, kill_engine, looking_page, put_pair, wait_engine
from hub import Hub
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, Route
from playwright.sync_api import Error as PlaywrightError
from scenes import RED, camera_browser, square, write_video

from conftest import wait_until  # isort: skip

from build_steps.serve import SiteServer


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.fixture(scope="module")
def models(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("models")
    return [put_pair(hub, folder, name, seed=seed) for seed, name in enumerate(("one", "two"), 7)]


@pytest.fixture(scope="module")
def camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    video = write_video(tmp_path_factory.mktemp("camera") / "red.y4m", [square(RED)] * 2)
    with camera_browser(playwright, video) as browser:
        yield browser


@pytest.fixture(scope="module")
def page(camera: Browser, site: SiteServer, models: list[dict[str, Any]]) -> Iterator[Page]:
    """One page for all tests; `eye` is its model "one", loaded."""
    with looking_page(camera, site, models) as page:
        page.evaluate(
            """async () => {
                window.eye = await alcove.openVision({ model: "one" });
                window.look = (picture, options = {}, prompt = "What is it?") =>
                  eye.describe(picture, prompt, { maxTokens: 12, ...options });
                await look(draw(1));
            }"""
        )
        yield page


def works(page: Page) -> bool:
    result = page.evaluate("() => look(draw(3))")
    return result["completionTokens"] > 0


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


def test_a_picture_of_another_site_is_refused(page: Page, hub: Hub) -> None:
    """The page shows it, but may not read it."""
    data = io.BytesIO()
    Image.new("RGB", (20, 20), RED).save(data, "PNG")

    def answer(route: Route) -> None:
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
        route.fulfill(body=data.getvalue(), content_type="image/png", headers=headers)

    page.route("**/other.png", answer)
    frame = page.evaluate(
        """async (url) => {
            const image = new Image();
            image.src = url;
            const shown = await image.decode().then(() => image.naturalWidth, () => 0);
            return { shown, ...(await attempt(() => look(image))) };
        }""",
        hub.url.replace("127.0.0.1", "localhost") + "other.png",
    )
    assert frame["code"] == "bad-request"
    if frame["shown"]:  # a policy that lets no such picture in is as good
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
            await new Promise((resolve) => setTimeout(resolve, 100));
            return { texts, tasks };
        }"""
    )
    assert len(set(got["texts"])) == 1
    assert got["tasks"] == []


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


def test_a_model_on_its_way_is_waited_for_and_told(
    page: Page, hub: Hub, tmp_path: Path, site: SiteServer
) -> None:
    page.evaluate("(model) => alcove.models.register(model)", put_pair(hub, tmp_path, "slow", seed=40))
    held: list[Route] = []
    page.context.route(f"{hub.url}**slow-mmproj*", lambda route: held.append(route))
    pending = page.evaluate_handle(
        """async () => {
            window.said = [];
            const hear = ({ detail }) => said.push({ phase: detail.phase, vision: detail.vision?.phase,
              total: detail.vision?.total });
            alcove.addEventListener("status", hear);
            const slow = await alcove.openVision({ model: "slow" });
            const done = attempt(() => slow.describe(draw(1), "What?", { maxTokens: 4 }))
              .finally(() => alcove.removeEventListener("status", hear));
            return { done };
        }"""
    )
    wait_until(page, "alcove.status.vision?.phase === 'downloading'")
    while not held:
        page.wait_for_timeout(50)
    assert page.evaluate("alcove.status.phase") == "ready", (
        "the page is not ready while a model that sees loads"
    )
    assert page.evaluate("alcove.status.vision.text") == "Downloading Random mlp"
    for route in held:
        route.continue_()
    page.context.unroute(f"{hub.url}**slow-mmproj*")
    outcome = pending.evaluate("({ done }) => done")
    assert outcome["value"]["completionTokens"] > 0
    said = page.evaluate("said")
    assert {entry["vision"] for entry in said} >= {"downloading", "loading"}
    assert any(entry["total"] for entry in said)
    assert page.evaluate("alcove.status.vision") is None
    assert works(page), "the eye whose model was replaced loads it again"


def test_two_eyes_take_turns(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const two = await alcove.openVision({ model: "two" });
            const ask = (which, seed) => which.describe(draw(seed), "What is it?", { maxTokens: 8 });
            const alone = [(await ask(eye, 1)).text, (await ask(two, 1)).text];
            const mixed = await Promise.all([eye, two, eye, two, two, eye].map((which) => ask(which, 1)));
            two.close();
            return { alone, mixed: mixed.map(({ text }) => text) };
        }"""
    )
    one, two = got["alone"]
    assert one != two
    assert got["mixed"] == [one, two, one, two, two, one]


def test_the_eye_that_is_opened_later_wins(page: Page) -> None:
    codes = page.evaluate(
        """async () => {
            const first = await alcove.openVision({ model: "two" });
            const early = attempt(() => first.ready());
            const second = await alcove.openVision({ model: "one" });
            const loaded = await second.ready();
            first.close();
            second.close();
            return [(await early).code ?? "loaded", loaded.id];
        }"""
    )
    assert codes == ["cancelled", "one"]
    assert works(page)


def test_close_frees_the_model_unless_another_eye_has_it(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const other = await alcove.openVision({ model: "one" });
            const long = eye.describe(draw(1), "What?", { maxTokens: 60 });
            other.close();
            const kept = (await long).finishReason;
            const running = attempt(() => eye.describe(draw(1), "What?", { maxTokens: 400 }));
            const waiting = attempt(() => look(draw(2)));
            await new Promise((resolve) => setTimeout(resolve, 50));
            eye.close();
            return { kept, codes: [(await running).code, (await waiting).code] };
        }"""
    )
    assert got["kept"] in {"length", "stop"}
    assert got["codes"] == ["cancelled", "cancelled"]
    for _ in range(100):  # a busy machine tells late of a worker's end
        if not (left := [worker for worker in page.workers if "llamacpp.worker" in worker.url]):
            break
        page.wait_for_timeout(100)
    assert not left
    assert works(page), "using it again loads it again"


@pytest.mark.parametrize("stage", ["download", "load", "encode", "decode"])
def test_a_worker_that_dies(page: Page, hub: Hub, tmp_path: Path, stage: str) -> None:
    """Whatever it was doing: that call fails, and the next one works without the page doing anything."""
    name = f"dies-{stage}"
    if stage in {"download", "load"}:
        seed = 50 + len(stage)
        page.evaluate("(model) => alcove.models.register(model)", put_pair(hub, tmp_path, name, seed=seed))
    else:
        wait_engine(page)
        name = "one"
        assert works(page)
    held: list[Route] = []
    pattern = f"{hub.url}**{name}-mmproj*" if stage == "download" else "**/llamacpp-*.wasm"
    if stage in {"download", "load"}:
        page.context.route(pattern, lambda route: held.append(route))
    pending = page.evaluate_handle(
        """async (name) => {
            window.dying = await alcove.openVision({ model: name });
            window.heard = 0;
            const options = { maxTokens: 300, onText: () => { heard++; } };
            return { done: attempt(() => dying.describe(draw(1), "What?", options)) };
        }""",
        name,
    )
    if stage == "decode":
        wait_until(page, "heard > 2")
    elif stage != "encode":
        while not held:
            page.wait_for_timeout(20)
    kill_engine(page)
    outcome = pending.evaluate("({ done }) => done")
    assert outcome.get("code") == "engine-crashed", outcome
    assert outcome["action"]
    if stage in {"download", "load"}:
        for route in held:
            with contextlib.suppress(PlaywrightError):  # it ended with its worker
                route.continue_()
        page.context.unroute(pattern)
    again = page.evaluate("() => attempt(() => dying.describe(draw(1), 'What?', { maxTokens: 4 }))")
    assert again["value"]["completionTokens"] > 0
    page.evaluate("() => { if (dying.model !== 'one') dying.close(); }")
    assert works(page)


def test_live_captions_go_on_over_a_crash_and_a_camera_that_stops(page: Page) -> None:
    page.evaluate(
        """async () => {
            window.camera = new A.VideoCapture();
            window.live = { captions: [], errors: [], skips: [] };
            await camera.start();
            window.view = new A.LiveView({ capture: camera, eye, prompt: "What?", intervalMs: 0, maxTokens: 6,
              onCaption: ({ text, frame }) => live.captions.push([text, frame.width, frame.height]),
              onSkip: (reason) => live.skips.push(reason),
              onError: ({ code }) => live.errors.push(code) });
            view.start();
        }"""
    )
    wait_until(page, "live.captions.length > 3")
    kill_engine(page)
    wait_until(page, "live.errors.length > 0")
    seen = page.evaluate("live.captions.length")
    wait_until(page, f"live.captions.length > {seen} + 2")
    page.evaluate("camera.stop()")
    wait_until(page, "live.skips.includes('no-frame')")
    seen = page.evaluate("live.captions.length")
    page.evaluate("camera.start()")
    wait_until(page, f"live.captions.length > {seen} + 2")
    page.evaluate("() => { view.stop(); camera.stop(); }")
    state = page.evaluate("live")
    page.wait_for_timeout(300)
    assert page.evaluate("live.captions.length") == len(state["captions"]), "a caption came after stop()"
    assert state["errors"] == ["engine-crashed"]
    assert {tuple(size) for _, *size in state["captions"]} == {(256, 192)}
    assert works(page)


def test_a_chat_model_and_a_vision_model_are_loaded_together(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const chat = await alcove.openSession();
            const said = [];
            for (const text of ["What is the capital of France?", "Are you sure?"]) {
              let answer = "";
              for await (const event of chat.send(text)) if (event.type === "text") answer += event.text;
              said.push(answer, (await look(draw(1))).totalTimeMs);
            }
            await chat.close();
            return said;
        }"""
    )
    assert "Paris" in got[0]
    assert got[3] < 20_000, "the vision model was loaded anew"
    engines = [worker for worker in page.workers if "llamacpp.worker" in worker.url]
    assert len(engines) == 2


def test_a_model_that_cannot_see_is_refused(page: Page) -> None:
    errors = page.evaluate(
        """() => Promise.all(["smollm2-135m-instruct", "no-such-model"].map((model) =>
             attempt(() => alcove.openVision({ model }))))"""
    )
    assert [error["code"] for error in errors] == ["bad-request", "model-not-found"]
    assert engine_worker(page)
