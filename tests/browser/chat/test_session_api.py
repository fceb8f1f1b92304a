"""`alcove.js` as a web developer embeds it: sessions, cancel, history, resume, tools, approvals, Python."""

from __future__ import annotations

import pytest
from browsers import open_own_page
from conversation import call_of, mount_scripted_provider, open_session, said, turn
from playwright.sync_api import Page

CAPITAL = "What is the capital of France?"
LONG = "Write a long story about a lighthouse keeper, with many details."


def test_the_module_embeds_in_a_page_of_ones_own(new_page, site) -> None:
    page = new_page(wait=False)
    open_own_page(page, site)
    text = page.evaluate(
        """async (url) => {
            const { openAlcove } = await import(url);
            const alcove = await openAlcove();
            const chat = await alcove.openSession({ provider: "auto" });
            let text = "";
            for await (const event of chat.send("What is the capital of France?")) {
              if (event.type === "text") text += event.text;
            }
            await alcove.close();
            return text;
        }""",
        site.url + "alcove.js",
    )
    assert "Paris" in text


def test_history_is_the_transcript(shared: Page) -> None:
    open_session(shared)
    answer = said(turn(shared, CAPITAL))
    history = shared.evaluate("chat.history()")
    spoken = [message for message in history if message["role"] in {"user", "assistant"}]
    assert [message["role"] for message in spoken] == ["user", "assistant"]
    assert spoken[0]["content"] == CAPITAL
    assert spoken[1]["content"] == answer


def test_resume_goes_on_and_prefills_only_what_is_new(shared: Page) -> None:
    chat_id = open_session(shared)
    first = turn(shared, "My name is Ada. Remember it.")
    second = turn(shared, "Tell me a fact about bees.")
    usages = [next(e for e in result["events"] if e["type"] == "usage") for result in (first, second)]
    before = usages[0]["promptTokens"] + usages[0]["completionTokens"]
    added = usages[1]["promptTokens"] - before
    prefilled = usages[1]["promptTokens"] - usages[1]["cachedTokens"]
    assert 0 < prefilled <= added + 4
    shared.evaluate("chat.close()")
    open_session(shared, f"resume: {chat_id!r}")
    assert len(shared.evaluate("chat.history()")) >= 4
    assert turn(shared, "Thank you.")["error"] is None


def test_cancel_stops_the_engine_and_keeps_the_text(shared: Page) -> None:
    # The fifth piece comes after a third of a second: 32 tokens may be over by then.
    open_session(shared, max_tokens=128)
    result = turn(shared, LONG, stop_after=5)
    assert result["error"] is None
    assert result["events"][-1]["finishReason"] == "cancelled"
    assert said(result)
    assert shared.evaluate("chat.history()")[-1]["content"] == said(result)
    # The engine is free at once: a short turn does not wait for the end of the story.
    assert turn(shared, "Say yes.")["error"] is None


def test_cancel_before_the_first_token_and_twice(shared: Page) -> None:
    open_session(shared)
    result = turn(shared, LONG, abort_after_ms=0)
    # Where it had not even begun, it says that nothing of it is kept.
    ended = result["events"][-1]["finishReason"] if result["events"] else result["error"]["code"]
    assert ended == "cancelled"
    shared.evaluate("async () => { await chat.cancel(); await chat.cancel(); }")
    result = turn(shared, LONG, stop_after=1)
    shared.evaluate("Promise.all([chat.cancel(), chat.cancel()])")
    assert result["events"][-1]["finishReason"] == "cancelled"
    assert "Paris" in said(turn(shared, CAPITAL))


def test_tools_of_the_page_are_called_after_approval(shared: Page) -> None:
    """The small model is not asked to be clever: a Python provider makes the call that it is told to make."""
    mount_scripted_provider(shared)
    result = shared.evaluate(
        """async (message) => {
            const asked = [], calls = [], tools = [];
            const chat = await alcove.openSession({
              plan: { providers: [{ module: "provider-scripted" }] },
              tools: [{
                name: "add", description: "Adds two numbers.",
                inputSchema: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } },
                               required: ["a", "b"] },
                execute: ({ a, b }) => { calls.push([a, b]); return { sum: a + b }; },
              }],
            });
            let text = "";
            for await (const event of chat.send(message)) {
              if (event.type === "approval") {
                asked.push(event.prompt);
                await event.respond(event.options.find((option) => /^allow/i.test(option)));
              }
              if (event.type === "tool") tools.push(event);
              if (event.type === "text") text += event.text;
            }
            return { asked, calls, tools, text };
        }""",
        call_of("add", a=2, b=3),
    )
    assert result["calls"] == [[2, 3]]
    assert len(result["asked"]) == 1
    assert "add" in result["asked"][0]
    assert [tool["phase"] for tool in result["tools"]] == ["start", "end"]
    assert result["tools"][1]["success"] is True
    assert "5" in result["text"]


def test_a_denied_tool_does_not_run(shared: Page) -> None:
    mount_scripted_provider(shared)
    result = shared.evaluate(
        """async (message) => {
            const calls = [], tools = [];
            const chat = await alcove.openSession({
              plan: { providers: [{ module: "provider-scripted" }] },
              tools: [{ name: "add", description: "Adds.", inputSchema: { type: "object" },
                        execute: (input) => { calls.push(input); return 0; } }],
            });
            for await (const event of chat.send(message)) {
              if (event.type === "approval") await event.respond(event.options.find((o) => /^deny/i.test(o)));
              if (event.type === "tool") tools.push(event);
            }
            return { calls, tools };
        }""",
        call_of("add", a=2, b=3),
    )
    assert result["calls"] == []
    assert result["tools"][-1]["success"] is False


def test_a_plan_is_kept_and_answers_again(shared: Page) -> None:
    mount_scripted_provider(shared)
    result = shared.evaluate(
        """async () => {
            const light = { name: "light", description: "A light.", inputSchema: {}, execute: () => 1 };
            const plan = { providers: [{ module: "provider-scripted", config: { api_key: "sk-secret" } }] };
            const chat = await alcove.openSession({ plan, tools: [light] });
            for await (const event of chat.send("hello"));
            await chat.close();
            const again = await alcove.openSession({ resume: chat.id });
            const notices = [];
            for await (const event of again.send("hello")) {
              if (event.type === "notice") notices.push(event.text);
            }
            const record = await alcove.conversations.get(chat.id);
            return { choices: [chat.choice, again.choice], notices, record };
        }"""
    )
    assert [choice["provider"] for choice in result["choices"]] == ["scripted", "scripted"]
    assert "sk-secret" not in str(result["record"])
    assert result["record"]["plan"]["providers"][0]["module"] == "provider-scripted"
    assert [("key" in text, "light" in text) for text in result["notices"]] == [(True, False), (False, True)]


def test_the_bridge_functions_of_webllm_pages(shared: Page) -> None:
    answer = shared.evaluate(
        """alcove.python.run(`
import json
from js import js_llm_complete_streaming
pieces = []
async def ask():
    def on_chunk(chunk):
        pieces.append(json.loads(chunk)["content"])
    request = {"messages": [{"role": "user", "content": "What is the capital of France?"}], "max_tokens": 24}
    return json.loads(await js_llm_complete_streaming(json.dumps(request), on_chunk))
answer = await ask()
[answer["choices"][0]["message"]["content"], "".join(pieces), len(pieces)]
`)"""
    )
    assert "Paris" in answer[0]
    assert answer[0] == answer[1]
    assert answer[2] > 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("{ provider: 'telepathy' }", "bad-request"),
        ("{ model: 'no-such-model' }", "model-not-found"),
        ("{ resume: 'no-such-conversation' }", "bad-request"),
        ("{ plan: { providers: [{ module: 'provider-missing' }] } }", "bad-request"),
    ],
)
def test_wrong_options_say_what_to_do(shared: Page, options: str, code: str) -> None:
    error = shared.evaluate(
        f"""alcove.openSession({options}).then(() => null,
            (e) => ({{ name: e.name, code: e.code, action: e.action }}))"""
    )
    assert error["name"] == "AlcoveError"
    assert error["code"] == code
    assert error["action"]
