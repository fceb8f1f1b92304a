"""What bad input and broken parts get: a typed error in bounded time, and an app that goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsers import ROOT
from conversation import ask, open_session, said, start_answer, turn, wait_answered
from playwright.sync_api import BrowserContext, Page, expect
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

CAPITAL = "What is the capital of France?"
LONG = "Write a long story about a lighthouse keeper, with many details."


def works(page: Page) -> bool:
    """Whether the conversation `chat` goes on, and a new one gets a right answer."""
    result = turn(page, "Please go on.")
    assert result["error"] is None
    assert said(result)
    open_session(page, key="fresh")
    return "Paris" in said(turn(page, CAPITAL, key="fresh"))


@pytest.mark.parametrize("text", ["", "   \n\t "])
def test_an_empty_prompt_is_refused(shared: Page, text: str) -> None:
    open_session(shared)
    error = turn(shared, text)["error"]
    assert error["name"] == "AlcoveError"
    assert error["code"] == "bad-request"
    assert error["action"]
    assert shared.evaluate("chat.history()") == []


def test_a_prompt_of_100000_characters_overflows_and_the_chat_goes_on(shared: Page) -> None:
    open_session(shared)
    error = turn(shared, "lorem ipsum " * 8400)["error"]
    assert error["code"] == "context-overflow"
    assert error["action"]
    assert works(shared), "the message that was too long is still in the way"


def test_lone_surrogates_and_nul_are_harmless(shared: Page) -> None:
    open_session(shared)
    result = shared.evaluate(
        """async () => {
            let end = null;
            for await (const event of chat.send("Hi \\ud800 there\\u0000 \\udfff friend")) {
              if (event.type === "end") end = event;
            }
            return { end, user: (await chat.history()).find((m) => m.role === "user").content };
        }"""
    )
    assert result["end"]["finishReason"] in {"stop", "length"}
    assert "\0" not in result["user"]
    assert result["user"].startswith("Hi \ufffd there")


def test_ten_sends_at_once_never_interleave(shared: Page) -> None:
    open_session(shared)
    outcomes: list[Any] = shared.evaluate(
        """async () => Promise.all(Array.from({ length: 10 }, async () => {
            let text = "";
            try {
              for await (const event of chat.send("What is the capital of France?")) {
                if (event.type === "text") text += event.text;
              }
              return { text };
            } catch (error) { return { code: error.code }; }
        }))"""
    )
    assert "Paris" in outcomes[0]["text"]
    assert [outcome.get("code") for outcome in outcomes[1:]] == ["busy"] * 9
    users = [m for m in shared.evaluate("chat.history()") if m["role"] == "user"]
    assert len(users) == 1


@pytest.mark.parametrize("kind", ["truncated", "zero", "not a model", "empty"])
def test_a_bad_model_file_is_refused(shared: Page, kind: str) -> None:
    error = shared.evaluate(
        """async ({ kind }) => {
            const { files } = await (await fetch("build.json")).json();
            const url = Object.keys(files).find((path) => /Q4_1\\.part1-/.test(path));
            const head = await (await fetch(url, { headers: { Range: "bytes=0-4999999" } })).arrayBuffer();
            const parts = { truncated: [head], zero: [new Uint8Array(5_000_000)],
                            "not a model": ["<!doctype html><title>404</title>"], empty: [] }[kind];
            try { await alcove.models.importFile(new File(parts, "broken.gguf")); return null; }
            catch (error) { return { name: error.name, code: error.code, action: error.action }; }
        }""",
        {"kind": kind},
    )
    assert error is not None, "a broken file was taken"
    assert error["code"] == "model-invalid"
    assert error["action"]
    open_session(shared)
    assert works(shared)


def test_a_damaged_download_is_told_and_tried_again(newcomer: BrowserContext, copied_site: Path) -> None:
    """
    A fresh visitor whose model arrives damaged reads why, and a try with a good file works. What else servers
    send in place of a file is in tests/unit/ts/files/schedules.test.ts.
    """
    model = next(copied_site.glob("models/*.part1-*"))
    whole = model.rename(copied_site / "whole")
    damaged: dict[str, Callable[[], object]] = {
        "truncated": lambda: model.write_bytes(whole.open("rb").read(4_000_000)),
        "zero-filled": lambda: os.truncate(model, whole.stat().st_size),
    }
    with SiteServer(copied_site, port=0) as server:
        page = newcomer.new_page()
        for kind, damage in damaged.items():
            model.write_bytes(b"")
            damage()
            if kind == "truncated":  # of a first visit
                page.goto(server.url)
                wait_ready(page)
                open_session(page)
            error = turn(page, CAPITAL)["error"]
            assert error["code"] == ("integrity" if kind == "zero-filled" else "download-failed"), kind
            assert error["action"], kind
        whole.rename(model)
        assert works(page)


def _kill(page: Page, part: str) -> None:
    """Ends workers from inside, as a crash of their process would."""
    # Python runs in each tab. Another one may run the engine, and what sees for it is such a worker too.
    tabs = [page] if part == "python.worker" else page.context.pages
    for worker in [worker for tab in tabs for worker in tab.workers if part in worker.url]:
        # Not at once: the answer to this call would be lost with the worker.
        worker.evaluate("() => { setTimeout(() => self.close(), 20); }")


@pytest.mark.parametrize("part", ["python.worker", "llamacpp.worker"])
def test_a_worker_that_dies_in_mid_answer(shared: Page, part: str) -> None:
    open_session(shared, max_tokens=400)
    turn(shared, CAPITAL)
    pending = shared.evaluate_handle(
        f"""() => {{
            const events = [];
            window.heard = 0;
            const done = (async () => {{
              try {{
                for await (const event of chat.send({LONG!r})) {{
                  events.push(event);
                  if (event.type === "text") window.heard += 1;
                }}
                return {{ events }};
              }} catch (error) {{ return {{ events, code: error.code, action: error.action }}; }}
            }})();
            return {{ done }};
        }}"""
    )
    wait_until(shared, "window.heard >= 3")
    _kill(shared, part)
    outcome = pending.evaluate("async ({ done }) => await done")
    assert outcome["code"] == "engine-crashed"
    assert outcome["action"]
    history = shared.evaluate("chat.history()")
    users = [message["content"] for message in history if message["role"] == "user"]
    assert users == [CAPITAL, LONG]
    assert history[-1]["role"] == "assistant", "what was said before the crash is kept"
    assert works(shared)


@pytest.mark.parametrize("part", ["python.worker", "llamacpp.worker"])
def test_the_page_offers_to_go_on_after_a_crash(page: Page, part: str) -> None:
    ask(page, CAPITAL)
    start_answer(page, LONG)
    _kill(page, part)
    expect(page.get_by_test_id("error")).to_be_visible()
    expect(page.get_by_test_id("message-user")).to_have_count(2)
    page.get_by_test_id("new-chat").click()
    expect(ask(page, CAPITAL)).to_contain_text("Paris")


def test_without_indexeddb_it_runs_and_says_that_history_is_not_kept(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(script="Object.defineProperty(window, 'indexedDB', { value: undefined });")
    expect(page.get_by_test_id("notice").filter(has_text="history")).to_be_visible()
    expect(ask(page, CAPITAL)).to_contain_text("Paris")
    assert page.evaluate("alcove.capabilities.indexedDB") is False
    assert page.evaluate("alcove.conversations.list()")[0]["count"] >= 2


def test_without_isolation_it_runs_on_one_thread_and_says_so(newcomer: BrowserContext) -> None:
    with SiteServer(ROOT / "dist", port=0, isolation=False) as server:
        page = newcomer.new_page()
        page.goto(server.url)
        wait_ready(page)
        assert page.evaluate("crossOriginIsolated") is False
        assert page.evaluate("alcove.capabilities.threads") == 1
        expect(page.get_by_test_id("notice").filter(has_text="single thread")).to_be_visible()
        expect(ask(page, CAPITAL)).to_contain_text("Paris")


def test_a_python_loop_that_never_yields_is_stopped(shared: Page) -> None:
    """Cancel is heard even when Python is busy: its worker is replaced."""
    chat_id = open_session(shared)
    turn(shared, CAPITAL)
    shared.evaluate(
        """() => new Promise((begun) => {
            new BroadcastChannel("loop").onmessage = begun;
            const loop = "import js; js.BroadcastChannel.new('loop').postMessage(1)\\nwhile True: pass";
            alcove.python.run(loop).catch(() => {});
        })"""
    )
    result = turn(shared, CAPITAL, abort_after_ms=500)
    assert result["ms"] < 30_000
    wait_ready(shared)
    open_session(shared, f"resume: {chat_id!r}")
    assert works(shared)


def test_the_page_stays_usable_while_the_first_answer_is_stopped(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.get_by_test_id("composer").fill(LONG)
    page.get_by_test_id("send").click()
    page.get_by_test_id("stop").click()
    wait_answered(page)
    expect(ask(page, CAPITAL)).to_contain_text("Paris")
