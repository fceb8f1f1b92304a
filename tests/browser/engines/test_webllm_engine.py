"""The WebLLM worker of the built site, called directly, with a real model on a software GPU."""

from __future__ import annotations

import json
from typing import Any

import pytest
from llamacpp import complete, load, odd_tools, unload_while_answering, user
from playwright.sync_api import BrowserContext, Page
from webllm import SYSTEM, Lab, call, start_engine, tiny_chat

from build_steps.serve import SiteServer

pytest_plugins = ["webllm_fixtures"]

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
    long = {"role": "system", "content": "You are a helpful assistant. Answer shortly, and in plain English."}
    story = [long, *STORY[1:]]
    complete(loaded, [{"role": "system", "content": "Other."}, user("Hello")], max_tokens=1)
    anew = complete(loaded, story, **hot)
    assert anew["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    # Some of what the last conversation left is taken off, and the rest is gone on from.
    complete(loaded, [long, user("What is the capital of France?")])
    reused = complete(loaded, story, **hot)
    assert reused["usage"]["prompt_tokens_details"]["cached_tokens"] > 32
    assert reused["text"] == anew["text"]


def test_a_few_tokens_in_common_are_computed_with_the_new_ones(loaded: Page) -> None:
    complete(loaded, [SYSTEM, user("What is the capital of France?")], max_tokens=1)
    assert complete(loaded, STORY, max_tokens=1)["usage"]["prompt_tokens_details"]["cached_tokens"] == 0


def test_what_a_load_computed_is_not_computed_again(fresh: Page) -> None:
    """The system message that the model brings."""
    system = "You are a helpful assistant. Answer shortly, and in plain English."
    assert load(fresh, {**tiny_chat(), "system": system})["error"] is None
    usage = complete(fresh, [{"role": "system", "content": system}, user("What is your name?")])["usage"]
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
    assert seeded[2] not in {plain, seeded[0]}
    stopped = complete(loaded, STORY, stop=[plain[8:11]])
    assert (stopped["text"], stopped["finish"]) == (plain[:8], "stop")
    biased = complete(loaded, STORY, logit_bias={"42": 100}, max_tokens=4)["text"]
    assert len(set(biased)) == 1
    unbiased = complete(loaded, STORY, logit_bias={"42": 100}, frequency_penalty=2, max_tokens=4)["text"]
    assert unbiased == biased, "a penalty of 2 a token cannot outweigh a bias of 100"
    repeated = complete(loaded, STORY, temperature=0, repeat_penalty=10, max_tokens=60)["text"]
    assert repeated != complete(loaded, STORY, max_tokens=60)["text"]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"repeat_penalty": 1.3, "frequency_penalty": 0.4, "presence_penalty": 0.2},
        {"logit_bias": {"42": 3, "300": -2}},
        {"response_format": {"type": "grammar", "grammar": "root ::= [a-z ]+"}},
    ],
    ids=str,
)
def test_the_largest_is_what_webllm_draws_when_it_is_all_but_cold(
    loaded: Page, settings: dict[str, Any]
) -> None:
    """At temperature 0 we take the largest logit ourselves, at any other WebLLM draws."""
    cold = complete(loaded, STORY, temperature=0, max_tokens=24, **settings)
    drawn = complete(loaded, STORY, temperature=1e-5, max_tokens=24, **settings)
    assert cold["text"] == drawn["text"]
    assert cold["text"]


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


def test_no_schema_of_a_tool_is_fatal(loaded: Page) -> None:
    tools = odd_tools()
    assert complete(loaded, HELLO, tools=tools, max_tokens=4)["error"] is None
    for tool in tools:
        answer = complete(loaded, HELLO, tools=[tool], tool_choice="required", max_tokens=2)
        assert answer["error"] is None, tool


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


# --- loads and losses ------------------------------------------------------------------------------------


def test_a_load_that_nobody_waits_for_is_stopped_and_two_of_one_model_are_one(fresh: Page, lab: Lab) -> None:
    result = fresh.evaluate(
        """async ([a, b]) => {
          let begun;
          const loading = new Promise((resolve) => { begun = resolve; });
          const note = ({ stage }) => stage === "compiling" && begun();
          const first = engine.call("load", { model: a, base }, note);
          const left = first.done.then(() => "loaded", (error) => error.code);
          await loading;
          first.cancel();
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
        result = unload_while_answering(loaded, STORY, tiny_chat())
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
