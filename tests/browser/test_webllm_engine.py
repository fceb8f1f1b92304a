"""The WebLLM worker of the built site, called directly, with a real model on a software GPU."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import ANSWER_MS, CHROMIUM_FLAGS, chromium_path
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from test_engine import complete, load, user
from webllm import GPU_FLAGS, SYSTEM, TINY, Lab, start_engine, tiny_chat, tiny_folder

from build_steps.serve import SiteServer

STORY = [SYSTEM, user("Tell me a story.")]
HELLO = [SYSTEM, user("Hello")]
CITY = {"type": "string", "enum": ["Rome", "Paris"]}
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city.",
        "parameters": {"type": "object", "properties": {"city": CITY}, "required": ["city"]},
    },
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def lab_site(lab: Lab) -> Iterator[SiteServer]:
    with SiteServer(lab.root) as server:
        yield server


@pytest.fixture(scope="module")
def gpu_browser(playwright: Playwright) -> Iterator[Browser]:
    flags = [*CHROMIUM_FLAGS, *GPU_FLAGS]
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def person(gpu_browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser: what it has stored stays for the whole module."""
    context = gpu_browser.new_context(service_workers="block")
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


@pytest.fixture(scope="module")
def loaded(person: BrowserContext, lab_site: SiteServer) -> Iterator[Page]:
    """A page with tiny-chat loaded in a worker of its own."""
    page = person.new_page()
    start_engine(page, lab_site)
    result = load(page, tiny_chat())
    assert result["error"] is None
    assert result["stages"] == ["downloading", "loading", "compiling", "warming"]
    assert result["loaded"]["context"] == 2048
    assert result["loaded"]["weights"] == "q0f32"
    yield page
    page.close()


@pytest.fixture
def fresh(person: BrowserContext, lab_site: SiteServer) -> Iterator[Page]:
    """A page with a worker that holds no model."""
    page = person.new_page()
    start_engine(page, lab_site)
    yield page
    page.close()


def call(page: Page, operation: str, **arguments: Any) -> Any:
    """The reply, or the error as {code, message, action}."""
    return page.evaluate(
        "([op, args]) => engine.call(op, { ...args, base }).done.catch((error) => error)",
        [operation, arguments],
    )


# --- answers ---------------------------------------------------------------------------------------------


def test_the_answer_streams_and_is_right(loaded: Page) -> None:
    answer = complete(loaded, [SYSTEM, user("What is the capital of France?")])
    assert answer["text"] == "The capital of France is Paris."
    assert answer["pieces"] > 1
    assert answer["finish"] == "stop"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    for speed in ("ttft_ms", "prefill_tokens_per_second", "decode_tokens_per_second"):
        assert usage[speed] > 0


def test_the_next_turn_prefills_only_what_is_new(loaded: Page) -> None:
    first = complete(loaded, HELLO)
    told = first["usage"]
    messages = [*HELLO, {"role": "assistant", "content": first["text"]}, user("What is your name?")]
    usage = complete(loaded, messages)["usage"]
    # All of the first turn but the token that ended it, which is made and not computed.
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    assert cached == told["prompt_tokens"] + told["completion_tokens"] - 1


def test_what_is_reused_changes_no_answer(loaded: Page) -> None:
    """Hot samples of one seed are the same only where the logits are."""
    hot = {"temperature": 1.5, "top_p": 1, "seed": 4, "max_tokens": 24}
    complete(loaded, [{"role": "system", "content": "Other."}, user("Hello")], max_tokens=1)
    anew = complete(loaded, STORY, **hot)
    assert anew["usage"]["prompt_tokens_details"]["cached_tokens"] < 5
    # Some of what the last conversation left is taken off, and the rest is gone on from.
    complete(loaded, [SYSTEM, user("What is the capital of France?")])
    reused = complete(loaded, STORY, **hot)
    assert reused["usage"]["prompt_tokens_details"]["cached_tokens"] > 10
    assert reused["text"] == anew["text"]


def test_what_was_computed_before_is_not_computed_again(loaded: Page) -> None:
    messages = [
        {"role": "system", "content": "You are prepared for what is to come."},
        user("What is your name?"),
    ]
    assert call(loaded, "prewarm", messages=messages[:1]) is None
    usage = complete(loaded, messages)["usage"]
    new = usage["prompt_tokens"] - usage["prompt_tokens_details"]["cached_tokens"]
    assert 0 < new < usage["prompt_tokens_details"]["cached_tokens"]


def test_an_answer_that_was_cut_off_is_reused(loaded: Page) -> None:
    cut = complete(loaded, STORY, max_tokens=5)
    assert (cut["finish"], cut["usage"]["completion_tokens"]) == ("length", 5)
    again = complete(loaded, STORY)
    assert again["text"].startswith(cut["text"])
    assert again["usage"]["prompt_tokens_details"]["cached_tokens"] == again["usage"]["prompt_tokens"] - 1


def test_a_stop_is_heard_within_a_token_and_keeps_what_was_said(loaded: Page) -> None:
    stopped = complete(loaded, STORY, stop_after=2, max_tokens=500)
    assert stopped["finish"] == "cancelled"
    assert stopped["text"]
    assert stopped["usage"]["completion_tokens"] > 0
    assert stopped["stopMs"] < 1000
    assert complete(loaded, STORY)["text"].startswith(stopped["text"])


def test_a_stop_during_prefill_is_answered_at_once(loaded: Page) -> None:
    stopped = complete(loaded, [SYSTEM, user("one two three " * 150)], stop_ms=50)
    assert stopped["finish"] == "cancelled"
    assert stopped["text"] == ""
    assert stopped["stopMs"] < 1000
    assert complete(loaded, HELLO)["finish"] == "stop"


def test_requests_are_answered_one_after_the_other(loaded: Page) -> None:
    seen = loaded.evaluate(
        """async ([a, b]) => {
          const seen = [];
          const run = (name, messages) => engine.call(
            "complete", { request: { messages, temperature: 0, max_tokens: 6 } },
            (chunk) => chunk.choices[0].delta.content && seen.push(name)).done;
          const busy = [run("a", a), run("b", b)];
          const isBusy = (await engine.call("describe", {}).done).busy;
          await Promise.all(busy);
          return [seen.join("").replace(/^a+b+$/, "in turn"), isBusy];
        }""",
        [HELLO, STORY],
    )
    assert seen == ["in turn", True]


def test_settings_do_what_they_say(loaded: Page) -> None:
    plain = complete(loaded, STORY, max_tokens=12)["text"]
    hot = {"temperature": 2, "top_p": 1, "max_tokens": 12}
    seeded = [complete(loaded, STORY, seed=seed, **hot)["text"] for seed in (1, 1, 2)]
    assert seeded[0] == seeded[1]
    assert len({plain, *seeded}) > 1
    stopped = complete(loaded, STORY, stop=[plain[8:11]])
    assert (stopped["text"], stopped["finish"]) == (plain[:8], "stop")
    biased = complete(loaded, STORY, logit_bias={"42": 100}, max_tokens=4)["text"]
    assert len(set(biased)) == 1
    unbiased = complete(loaded, STORY, logit_bias={"42": 100}, frequency_penalty=2, max_tokens=4)["text"]
    assert unbiased == biased, "a penalty of 2 a token cannot outweigh a bias of 100"
    repeated = complete(loaded, STORY, temperature=0, repeat_penalty=10, max_tokens=60)["text"]
    assert repeated != complete(loaded, STORY, max_tokens=60)["text"]


def test_a_schema_is_kept_to(loaded: Page) -> None:
    schema = {
        "type": "object",
        "properties": {"city": CITY, "large": {"type": "boolean"}},
        "required": ["city", "large"],
    }
    json_schema = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema}}
    answer = complete(loaded, [SYSTEM, user("Describe it.")], response_format=json_schema)
    assert set(json.loads(answer["text"])) == {"city", "large"}
    grammar = {"type": "grammar", "grammar": 'root ::= "yes" | "no"'}
    assert complete(loaded, HELLO, response_format=grammar)["text"] in {"yes", "no"}


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_weather"}}])
def test_a_required_tool_is_called(loaded: Page, choice: Any) -> None:
    other = {
        "type": "function",
        "function": {"name": "other", "parameters": WEATHER["function"]["parameters"]},
    }
    tools = [WEATHER] if choice == "required" else [other, WEATHER]
    question = [SYSTEM, user("What is the weather in Rome?")]
    answer = complete(loaded, question, tools=tools, tool_choice=choice, max_tokens=90)
    assert (answer["finish"], answer["text"]) == ("tool_calls", "")
    (made,) = answer["calls"]
    assert made["id"]
    assert made["function"]["name"] == "get_weather"
    assert json.loads(made["function"]["arguments"])["city"] in {"Rome", "Paris"}


def test_with_tools_an_answer_is_plain_text(loaded: Page) -> None:
    answer = complete(loaded, HELLO, tools=[WEATHER], max_tokens=12)
    assert answer["error"] is None
    assert answer["finish"] in {"stop", "length"}
    assert answer["text"]
    assert answer["calls"] == []


# --- requests that cannot be answered --------------------------------------------------------------------


def test_max_tokens_may_be_huge(loaded: Page) -> None:
    assert complete(loaded, HELLO, max_tokens=10**12)["finish"] == "stop"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"max_tokens": 0}, "bad-request"),
        ({"max_tokens": -1}, "bad-request"),
        ({"temperature": -1}, "bad-request"),
        ({"top_k": 3}, "bad-request"),
        ({"logit_bias": {"512": 1}}, "bad-request"),
        ({"model": "another"}, "model-not-found"),
        ({"response_format": {"type": "json_object", "schema": '{"type": "banana"}'}}, "bad-request"),
        ({"response_format": {"type": "json_object", "schema": "{"}}, "bad-request"),
        ({"response_format": {"type": "grammar", "grammar": "root ::= ("}}, "bad-request"),
        ({"messages": [SYSTEM, {"role": "user", "content": [{"type": "image_url"}]}]}, "unsupported"),
        ({"messages": [SYSTEM, user("lorem ipsum " * 900)]}, "context-overflow"),
        ({"messages": [SYSTEM, user("x" * 3_000_000)]}, "context-overflow"),
    ],
)
def test_what_cannot_be_done_is_refused(loaded: Page, fields: dict[str, Any], code: str) -> None:
    messages = fields.pop("messages", HELLO)
    error = complete(loaded, messages, **fields)["error"]
    assert error["code"] == code
    assert error["action"]
    assert complete(loaded, HELLO, max_tokens=2)["error"] is None


# --- models that are wrong -------------------------------------------------------------------------------


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


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_is_refused(fresh: Page, lab: Lab, name: str) -> None:
    file, code = WRONG[name]
    model = lab.add(name, {file: wrong_content(name)})
    error = load(fresh, model)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["action"]
    assert call(fresh, "cached", models=[model]) == ([name] if name in WHOLE else [])
    assert call(fresh, "describe")["model"] is None


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


def test_a_model_that_is_too_large_for_the_card_is_out_of_memory(fresh: Page, lab: Lab) -> None:
    config = json.loads((tiny_folder() / "mlc-chat-config.json").read_text())
    huge = 3 << 20
    config["context_window_size"] = huge
    model = lab.add("huge", {"mlc-chat-config.json": json.dumps(config).encode()}, context=huge)
    error = load(fresh, model)["error"]
    assert error["code"] == "out-of-memory"
    assert "smaller" in error["action"]


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


def test_a_stopped_download_goes_on_where_it_was(fresh: Page, lab: Lab) -> None:
    model = lab.add("stopped")
    result = fresh.evaluate(
        """async (model) => {
          const parts = [];
          const first = engine.call("download", { model, base }, ({ parts: { done } }) => {
            if (done > 0) first.cancel();
          });
          const code = await first.done.then(() => "whole", (error) => error.code);
          await engine.call("download", { model, base }, ({ parts: { done } }) => parts.push(done)).done;
          const cached = await engine.call("cached", { models: [model], base }).done;
          return { code, first: parts[0], cached };
        }""",
        model,
    )
    assert result["code"] in {"cancelled", "whole"}
    assert result["cached"] == ["stopped"]
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


# --- loads and losses ------------------------------------------------------------------------------------


def test_another_load_takes_the_place_of_one_under_way(fresh: Page, lab: Lab) -> None:
    result = fresh.evaluate(
        """async ([a, b]) => {
          let begun;
          const loading = new Promise((resolve) => { begun = resolve; });
          const note = ({ stage }) => stage === "compiling" && begun();
          const first = engine.call("load", { model: a, base }, note).done;
          const left = first.then(() => "loaded", (error) => error.code);
          await loading;
          const stages = new Set();
          const one = engine.call("load", { model: b, base }).done;
          const two = engine.call("load", { model: b, base }, ({ stage }) => stages.add(stage)).done;
          const ids = (await Promise.all([one, two])).map(({ id }) => id);
          return { left: await left, ids, joined: stages.has("compiling") };
        }""",
        [tiny_chat(), lab.add("other")],
    )
    assert result == {"left": "cancelled", "ids": ["other", "other"], "joined": True}


def test_unloading_ends_a_running_answer_and_a_model_loads_without_a_network(
    loaded: Page, person: BrowserContext
) -> None:
    person.set_offline(True)
    try:
        result = loaded.evaluate(
            """async ([messages, model]) => {
              let finish, heard;
              const speaking = new Promise((resolve) => { heard = resolve; });
              const running = engine.call("complete", { request: { messages, max_tokens: 300 } }, (chunk) => {
                if (chunk.choices[0].delta.content) heard();
                finish = chunk.choices[0].finish_reason ?? finish;
              }).done;
              await speaking;
              await engine.call("unload", {}).done;
              await running;
              const { model: held } = await engine.call("describe", {}).done;
              const refused = engine.call("complete", { request: { messages } }).done;
              const late = await refused.catch(({ code }) => code);
              const { id } = await engine.call("load", { model, base }).done;
              return { finish, held, late, id };
            }""",
            [STORY, tiny_chat()],
        )
    finally:
        person.set_offline(False)
    expected = {"finish": "cancelled", "held": None, "late": "model-not-found", "id": "tiny-chat-webllm"}
    assert result == expected


def test_a_lost_card_is_an_error_and_the_next_request_loads_again(loaded: Page) -> None:
    result = loaded.evaluate(
        """async (messages) => {
          let heard;
          const speaking = new Promise((resolve) => { heard = resolve; });
          const running = engine.call("complete", { request: { messages, max_tokens: 300 } }, (chunk) => {
            if (chunk.choices[0].delta.content) heard();
          }).done;
          await speaking;
          const began = performance.now();
          worker.postMessage({ fault: "lose" });
          const error = await running.catch((error) => error);
          const ms = performance.now() - began;
          return { code: error.code, action: error.action, ms, ...(await engine.call("describe", {}).done) };
        }""",
        STORY,
    )
    assert result["code"] == "device-lost"
    assert result["action"]
    assert result["ms"] < 5000
    assert result["model"] is None
    assert complete(loaded, HELLO)["text"]


def test_a_card_that_is_lost_while_loading_is_an_error(fresh: Page) -> None:
    result = fresh.evaluate(
        """async (model) => {
          const loading = engine.call("load", { model, base }, ({ stage }) => {
            if (stage === "compiling") worker.postMessage({ fault: "lose" });
          }).done;
          return loading.catch((error) => error.code);
        }""",
        tiny_chat(),
    )
    assert result == "device-lost"


@pytest.mark.parametrize("stage", ["downloading", "compiling"])
def test_a_worker_killed_while_loading_leaves_whole_files_or_none(
    fresh: Page, lab: Lab, lab_site: SiteServer, stage: str
) -> None:
    model = lab.add("killed-" + stage)
    fresh.evaluate(
        """async ([model, wanted]) => {
          await new Promise((resolve) => {
            engine.call("load", { model, base }, ({ stage }) => stage === wanted && resolve());
          });
          worker.terminate();
        }""",
        [model, stage],
    )
    start_engine(fresh, lab_site)
    assert call(fresh, "download", model=model) is None
    assert call(fresh, "cached", models=[model]) == [model["id"]]


def kill(page: Page, moment: str) -> None:
    """Ends the worker in the middle of an answer."""
    page.evaluate(
        """async ([messages, moment]) => {
          await new Promise((resolve) => {
            const heard = ({ choices: [{ delta }] }) => {
              if (moment === "prefill" ? delta.role : delta.content) resolve();
            };
            engine.call("complete", { request: { messages, max_tokens: 300 } }, heard);
          });
          worker.terminate();
        }""",
        [STORY, moment],
    )


def test_a_worker_killed_while_answering_can_be_replaced(loaded: Page, lab_site: SiteServer) -> None:
    """The last test: it ends the worker that the others use."""
    kill(loaded, "decode")
    start_engine(loaded, lab_site)
    assert load(loaded, tiny_chat())["error"] is None
    assert complete(loaded, HELLO)["finish"] == "stop"
    kill(loaded, "prefill")
    start_engine(loaded, lab_site)
    assert call(loaded, "cached", models=[tiny_chat()]) == ["tiny-chat-webllm"]
