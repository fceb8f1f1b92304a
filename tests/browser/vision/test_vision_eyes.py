"""`openVision` with several models, of random weights: they come, take turns and go, and workers die."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from eyes import engine_worker, kill_engine, put_pair, wait_engine, works
from hub import Hub
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route
from waiting import wait_for, wait_until

from build_steps.serve import SiteServer

pytest_plugins = ["eye_fixtures"]


@pytest.fixture(scope="module")
def page(seeing: Page) -> Page:
    return seeing


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
    wait_for(page, lambda: held, "the projector is asked for")
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
            let begun;
            const speaking = new Promise((resolve) => { begun = resolve; });
            const running = attempt(() => eye.describe(draw(1), "What?", { maxTokens: 400, onText: begun }));
            const waiting = attempt(() => look(draw(2)));
            await speaking;
            eye.close();
            return { kept, codes: [(await running).code, (await waiting).code] };
        }"""
    )
    assert got["kept"] in {"length", "stop"}
    assert got["codes"] == ["cancelled", "cancelled"]
    wait_for(
        page,
        lambda: not any("llamacpp.worker" in worker.url for worker in page.workers),
        "no engine is left",  # a busy machine tells late of a worker's end
    )
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
    if stage == "decode":
        # At a word from within: to a call from outside the answer can be over.
        engine_worker(page).evaluate("() => { new BroadcastChannel('die').onmessage = () => self.close(); }")
    held: list[Route] = []
    pattern = f"{hub.url}**{name}-mmproj*" if stage == "download" else "**/llamacpp-*.wasm"
    if stage in {"download", "load"}:
        page.context.route(pattern, lambda route: held.append(route))
    pending = page.evaluate_handle(
        """async (name) => {
            window.dying = await alcove.openVision({ model: name });
            window.heard = 0;
            const die = new BroadcastChannel("die");
            const onText = () => { if (++heard === 3) die.postMessage(null); };
            const options = { maxTokens: 300, onText };
            return { done: attempt(() => dying.describe(draw(1), "What?", options)) };
        }""",
        name,
    )
    if stage in {"download", "load"}:
        wait_for(page, lambda: held, f"the worker waits in its {stage}")
    if stage != "decode":
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
    # A look of the view that went on would be answered before these.
    assert works(page)
    assert works(page)
    assert page.evaluate("live.captions.length") == len(state["captions"]), "a caption came after stop()"
    assert state["errors"] == ["engine-crashed"]
    assert {tuple(size) for _, *size in state["captions"]} == {(256, 192)}


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
