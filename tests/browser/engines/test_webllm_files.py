"""Models that are wrong, do not fit or are on their way, and the WebLLM worker that has to say so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from llamacpp import complete, load, user
from playwright.sync_api import BrowserContext, Page, Route
from waiting import wait_for
from webllm import SYSTEM, TINY, Lab, call, start_engine, tiny_chat, tiny_folder

from build_steps.serve import SiteServer

pytest_plugins = ["webllm_fixtures"]

HELLO = [SYSTEM, user("Hello")]


def flipped(name: str) -> bytes:
    content = bytearray((tiny_folder() / name).read_bytes())
    content[len(content) // 2] ^= 255
    return bytes(content)


def alien_tokenizer() -> bytes:
    tokenizer = json.loads((tiny_folder() / "tokenizer.json").read_text())
    tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": 4711, "content": "<alien>"})
    return json.dumps(tokenizer).encode()


def other_library(known: bytes) -> bytes:
    """A library of another version: it wants, or has, something under another name than `known`."""
    content = (tiny_folder() / f"{TINY}.wasm").read_bytes()
    assert known in content
    return content.replace(known, known[:-1] + b"_")


WRONG: dict[str, tuple[str, str]] = {
    "missing": ("params_shard_0.bin", "download-failed"),
    "html": ("mlc-chat-config.json", "download-failed"),
    "no-json": ("tensor-cache.json", "model-invalid"),
    "escape": ("tensor-cache.json", "model-invalid"),
    "truncated": ("params_shard_0.bin", "download-failed"),
    "flipped": ("params_shard_0.bin", "integrity"),
    "alien-tokenizer": ("tokenizer.json", "model-invalid"),
    "no-tokenizer": ("tokenizer.json", "model-invalid"),
    "odd-tokenizer": ("tokenizer.json", "model-invalid"),
    "no-library": (f"{TINY}.wasm", "model-invalid"),
    "empty-library": (f"{TINY}.wasm", "model-invalid"),
    "library-wants-more": (f"{TINY}.wasm", "model-invalid"),
    "library-has-less": (f"{TINY}.wasm", "model-invalid"),
}
# Only loading shows that these are wrong.
WHOLE = {"odd-tokenizer", "empty-library", "library-wants-more", "library-has-less"}


def wrong_content(name: str) -> bytes | None:
    made: dict[str, Callable[[], bytes | None]] = {
        "missing": lambda: None,
        "html": lambda: b"<!doctype html><p>Sign in",
        "no-json": lambda: b"not a model",
        "escape": lambda: b'{"records": [{"dataPath": "../x", "nbytes": 5}]}',
        "truncated": lambda: b"\1" * 1000,
        "flipped": lambda: flipped("params_shard_0.bin"),
        "alien-tokenizer": alien_tokenizer,
        "no-tokenizer": lambda: b"{}",
        "odd-tokenizer": lambda: b'{"model": {"type": "Odd", "vocab": {"a": 0}}}',
        "no-library": lambda: b"MZ not wasm",
        "empty-library": lambda: b"\0asm\1\0\0\0",
        "library-wants-more": lambda: other_library(b"TVMFFIWasmSafeCall"),
        "library-has-less": lambda: other_library(b"vm.builtin.kv_state_clear"),
    }
    return made[name]()


@pytest.fixture(scope="module")
def empty(person: BrowserContext, lab_site: SiteServer) -> Iterator[Page]:
    """A page with a worker that never holds a model."""
    page = person.new_page()
    start_engine(page, lab_site)
    yield page
    page.close()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_is_refused(empty: Page, lab: Lab, name: str) -> None:
    file, code = WRONG[name]
    model = lab.add(name, {file: wrong_content(name)})
    error = load(empty, model)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["action"]
    assert call(empty, "cached", models=[model]) == ([name] if name in WHOLE else [])
    assert call(empty, "describe")["model"] is None


def test_after_wrong_models_a_right_one_loads(fresh: Page, lab: Lab) -> None:
    for name in sorted(WHOLE):
        model = lab.add(name + "-first", {WRONG[name][0]: wrong_content(name)})
        assert load(fresh, model)["error"]["code"] == "model-invalid", name
    assert load(fresh, tiny_chat())["error"] is None
    assert complete(fresh, HELLO)["finish"] == "stop"


def test_a_file_with_another_hash_is_refused(fresh: Page) -> None:
    model = tiny_chat()
    for file in model["files"]:
        if file["url"].endswith("params_shard_0.bin"):
            file["sha256"] = "0" * 64
    assert call(fresh, "download", model=model)["code"] == "integrity"
    assert call(fresh, "cached", models=[model]) == []


def test_a_model_that_is_too_large_for_the_card_is_out_of_memory(fresh: Page) -> None:
    fresh.evaluate("worker.postMessage({ fault: 'small', bytes: 1000 })")
    error = load(fresh, tiny_chat())["error"]
    assert error["code"] == "out-of-memory"
    assert "smaller" in error["action"]


def test_a_card_with_little_memory_gets_a_shorter_window(fresh: Page) -> None:
    fresh.evaluate("worker.postMessage({ fault: 'small', bytes: 800000 })")
    result = load(fresh, tiny_chat())
    assert result["error"] is None
    assert result["loaded"]["context"] == 1024
    assert complete(fresh, HELLO)["finish"] == "stop"


def test_without_room_nothing_is_fetched(fresh: Page, lab: Lab) -> None:
    model = lab.add("roomless")
    fresh.evaluate("worker.postMessage({ fault: 'full' })")
    assert call(fresh, "download", model=model)["code"] == "quota"


def test_without_a_card_the_reason_is_told(fresh: Page) -> None:
    fresh.evaluate("worker.postMessage({ fault: 'none' })")
    error = load(fresh, tiny_chat())["error"]
    assert error["code"] == "unsupported"
    assert "graphics card" in error["message"]


def test_a_missing_feature_is_told(fresh: Page) -> None:
    error = load(fresh, {**tiny_chat(), "features": ["shader-f16"]})["error"]
    assert error["code"] == "unsupported"
    assert "shader-f16" in error["message"]


# --- files -----------------------------------------------------------------------------------------------


def test_a_stopped_download_goes_on_where_it_was(person: BrowserContext, fresh: Page, lab: Lab) -> None:
    model = lab.add("stopped")
    last = "**/stopped/**/params_shard_0.bin"
    held: list[Route] = []
    person.route(last, lambda route: held.append(route))  # it never comes
    fresh.evaluate(
        """(model) => {
          window.running = engine.call("download", { model, base });
          window.code = running.done.then(() => "whole", ({ code }) => code);
        }""",
        model,
    )
    wait_for(fresh, lambda: held, "the weights are asked for")
    fresh.evaluate("running.cancel()")
    assert fresh.evaluate("code") == "cancelled"
    person.unroute(last)
    fetched: list[str] = []
    person.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1]))
    assert call(fresh, "download", model=model) is None
    assert fetched.count("params_shard_0.bin") == 1
    assert not {"tokenizer.json", f"{TINY}.wasm"} & set(fetched), "they were here already"
    assert call(fresh, "cached", models=[model]) == ["stopped"]
    call(fresh, "remove", model=model)
    assert call(fresh, "cached", models=[model]) == []


def test_two_tabs_fetch_a_model_once(
    person: BrowserContext, fresh: Page, lab: Lab, lab_site: SiteServer
) -> None:
    model = lab.add("shared")
    other = person.new_page()
    start_engine(other, lab_site)
    fetched: list[str] = []
    person.on("request", lambda request: fetched.append(request.url))
    start = "(model) => { window.busy = engine.call('download', { model, base }).done; }"
    fresh.evaluate(start, model)
    other.evaluate(start, model)
    assert [page.evaluate("() => busy") for page in (fresh, other)] == [None, None]
    shards = [url for url in fetched if url.endswith("shared/resolve/main/params_shard_0.bin")]
    assert len(shards) == 1
    other.close()
