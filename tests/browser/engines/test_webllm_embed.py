"""Embeddings: the WebLLM worker called directly, with tiny-embed on a software GPU, and the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from conversation import said, turn
from embedding import TOO_LONG, check_overflow, embed, vectors
from llamacpp import load, user
from playwright.sync_api import BrowserContext, Page
from waiting import wait_ready
from webllm import TINY, Lab, built_folder, built_model, call, start_engine, tiny_chat

from build_steps.serve import SiteServer
from models.webllm.proof.encoder import EncoderReference, tiny_embed

pytest_plugins = ["webllm_fixtures"]

EMBED = "tiny-embed-webllm"
HELLO = "Hello there"
# More than one batch, and of many lengths.
TEXTS = [
    HELLO,
    "Hi",
    "What is the capital of France?",
    "The capital of France is Paris.",
    "Voilà, ça va très bien 🙂",
    "1 2 3",
    "a  b\n\n c\t",
    *(" ".join(["story", "once", "upon", "a", "time"] * n) for n in (1, 3, 9)),
    "A neural net walked into a bar and overfitted.",
    "Thanks",
]
LONG = " ".join(["word"] * 60)


@pytest.fixture(scope="module")
def reference() -> EncoderReference:
    return tiny_embed(built_folder(EMBED))


@pytest.fixture(scope="module")
def embedder(person: BrowserContext, lab_site: SiteServer) -> Iterator[Page]:
    """A page with tiny-embed loaded in a worker of its own."""
    page = person.new_page()
    start_engine(page, lab_site)
    result = load(page, built_model(EMBED))
    assert result["error"] is None
    assert result["loaded"]["context"] == 256
    assert result["stages"] == ["downloading", "loading", "compiling", "warming"]
    yield page
    page.close()


# --- vectors ---------------------------------------------------------------------------------------------


def test_the_vectors_are_those_of_numpy(embedder: Page, reference: EncoderReference) -> None:
    reply = embed(embedder, TEXTS, model=EMBED)["reply"]
    assert (reply["object"], reply["model"]) == ("list", EMBED)
    assert [entry["index"] for entry in reply["data"]] == list(range(len(TEXTS)))
    assert {entry["object"] for entry in reply["data"]} == {"embedding"}
    tokens = sum(len(reference.tokens(text)) for text in TEXTS)
    assert reply["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}
    ours = np.array([entry["embedding"] for entry in reply["data"]], np.float32)
    expected = np.stack([reference.vector(text) for text in TEXTS])
    assert ours.shape == expected.shape == (len(TEXTS), 64)
    errors = np.abs(ours - expected)
    print(f"against numpy: mean error {errors.mean():.2e}, largest {errors.max():.2e}")
    assert errors.max() < 1e-3
    assert np.abs(np.linalg.norm(ours, axis=-1) - 1).max() < 1e-5


def test_a_text_alone_has_the_vector_that_it_has_in_a_batch(embedder: Page) -> None:
    together = vectors(embedder, TEXTS)
    alone = np.concatenate([vectors(embedder, [text]) for text in TEXTS])
    print(f"alone against in a batch: largest difference {np.abs(together - alone).max():.2e}")
    assert np.abs(together - alone).max() < 1e-5
    reply = embed(embedder, HELLO)["reply"]
    assert len(reply["data"]) == 1
    assert np.abs(reply["data"][0]["embedding"] - together[0]).max() < 1e-5


def test_like_texts_lie_near_each_other(embedder: Page) -> None:
    france, paris, hello = vectors(embedder, [TEXTS[2], TEXTS[3], HELLO])
    assert france @ paris > 0.8
    assert france @ hello < 0.5


def test_special_tokens_that_a_text_brings_are_not_put_twice(embedder: Page) -> None:
    """WebLLM's own examples write them."""
    plain, framed = embed(embedder, [HELLO]), embed(embedder, [f"[CLS]{HELLO}[SEP]"])
    assert plain["reply"]["usage"] == framed["reply"]["usage"]
    assert plain["reply"]["data"] == framed["reply"]["data"]


def test_a_tokenizer_that_cuts_and_pads_changes_nothing(
    fresh: Page, lab: Lab, reference: EncoderReference
) -> None:
    """As many a tokenizer.json says; a long text would lose its end without a word."""
    tokenizer = json.loads((built_folder(EMBED) / "tokenizer.json").read_text())
    tokenizer["truncation"] = {
        "direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0
    }  # fmt: skip
    tokenizer["padding"] = {
        "strategy": {"Fixed": 32},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    changed = {"tokenizer.json": json.dumps(tokenizer).encode()}
    result = load(fresh, lab.add("cutting", changed, of=EMBED))
    assert result["error"] is None
    ours = vectors(fresh, [LONG, HELLO])
    expected = np.stack([reference.vector(text) for text in (LONG, HELLO)])
    assert np.abs(ours - expected).max() < 1e-3
    over = embed(fresh, TOO_LONG[0])["error"]
    assert over["code"] == "context-overflow"


# --- requests that cannot be answered --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "said_"),
    [
        ({"input": []}, "no text"),
        ({"input": ""}, "The input is empty"),
        ({"input": ["a", " \n"]}, "Text 2 is empty"),
        ({"input": None}, "is no text"),
        ({"input": ["a", 7]}, "Text 2 is no text"),
        ({"input": [[1, 2]]}, "Text 1 is no text"),
        ({"input": ["a"] * 2049}, "2,049 texts; at most 2,048"),
        ({"input": "a", "dimensions": 8}, "dimensions"),
        ({"input": "a", "encoding_format": "base64"}, "encoding_format"),
    ],
)
def test_a_wrong_request_is_refused(embedder: Page, request_: dict[str, Any], said_: str) -> None:
    error = call(embedder, "embed", request=request_)
    assert error["code"] == "bad-request"
    assert said_ in error["message"]
    assert error["action"]


@pytest.mark.parametrize("text", TOO_LONG)
def test_a_text_over_the_window_overflows(embedder: Page, text: str) -> None:
    check_overflow(embedder, text)


def test_a_model_does_what_it_is_made_for(fresh: Page) -> None:
    assert embed(fresh, "a")["error"]["code"] == "model-not-found"
    assert load(fresh, built_model(EMBED))["error"] is None
    chat = {"messages": [user("Hello")]}
    error = call(fresh, "complete", request=chat)
    assert error["code"] == "unsupported"
    assert error["message"] == "This model makes embeddings; it writes no text."
    assert embed(fresh, "a", model="another")["error"]["code"] == "model-not-found"
    assert load(fresh, tiny_chat())["error"] is None
    error = embed(fresh, "a")["error"]
    assert error["code"] == "unsupported"
    assert error["message"] == "This model writes text; it makes no embeddings."
    assert error["action"] == "Choose an embedding model."


def test_an_embedding_model_that_is_called_a_chat_model_is_refused(fresh: Page, lab: Lab) -> None:
    error = load(fresh, lab.add("disguised", of=EMBED, record={}))["error"]
    assert error["code"] == "unsupported"
    assert "writes no text" in error["message"]


# --- stopping, and what breaks ---------------------------------------------------------------------------


def test_a_stop_is_answered_at_once_and_the_next_request_works(embedder: Page) -> None:
    whole = vectors(embedder, [HELLO])
    result = embed(embedder, [LONG] * 2000, stop_ms=100)
    assert result["error"]["code"] == "cancelled"
    assert result["stopMs"] < 5000
    assert np.abs(vectors(embedder, [HELLO]) - whole).max() < 1e-6


def test_a_stop_while_waiting_leaves_the_others(embedder: Page) -> None:
    result = embedder.evaluate(
        """async (long) => {
          const first = engine.call("embed", { request: { input: Array(16).fill(long) } });
          const second = engine.call("embed", { request: { input: "a" } });
          const third = engine.call("embed", { request: { input: "b" } });
          second.cancel();
          const left = await second.done.catch(({ code }) => code);
          const [one, two] = await Promise.all([first.done, third.done]);
          return { left, counts: [one.data.length, two.data.length] };
        }""",
        LONG,
    )
    assert result == {"left": "cancelled", "counts": [16, 1]}


def test_unloading_ends_what_computes(embedder: Page) -> None:
    result = embedder.evaluate(
        """async ([long, model]) => {
          const running = engine.call("embed", { request: { input: Array(2000).fill(long) } });
          const code = running.done.then(() => "done", ({ code }) => code);
          while (!(await engine.call("describe", {}).done).busy);
          await engine.call("unload", {}).done;
          const late = await engine.call("embed", { request: { input: "a" } }).done.catch(({ code }) => code);
          const { id } = await engine.call("load", { model, base }).done;
          return { code: await code, late, id };
        }""",
        [LONG, built_model(EMBED)],
    )
    assert result == {"code": "cancelled", "late": "model-not-found", "id": EMBED}


def test_a_lost_card_is_an_error_and_the_next_request_loads_again(embedder: Page) -> None:
    result = embedder.evaluate(
        """async (long) => {
          const running = engine.call("embed", { request: { input: Array(2000).fill(long) } });
          const lost = running.done.then(() => "done", ({ code }) => code);
          while (!(await engine.call("describe", {}).done).busy);
          worker.postMessage({ fault: "lose" });
          return { code: await lost, model: (await engine.call("describe", {}).done).model };
        }""",
        LONG,
    )
    assert result == {"code": "device-lost", "model": None}
    assert vectors(embedder, [HELLO]).shape == (1, 64)


# --- the page --------------------------------------------------------------------------------------------


@pytest.fixture
def app(person: BrowserContext, site: SiteServer) -> Iterator[Page]:
    page = person.new_page()
    # The workers of WebLLM, one of which is to be killed.
    page.add_init_script(
        """const Real = Worker;
        window.webllm = [];
        window.Worker = class extends Real {
          constructor(url, options) {
            super(url, options);
            if (String(url).includes("webllm")) window.webllm.push(this);
            this.embeds = 0;
          }
          postMessage(message, ...rest) {
            if (message?.op === "embed") this.embeds++;
            super.postMessage(message, ...rest);
          }
        };"""
    )
    page.goto(site.url)
    wait_ready(page)
    yield page
    page.close()


def test_the_page_embeds_beside_the_conversation(app: Page, reference: EncoderReference) -> None:
    texts = ["Hello there", "What is the capital of France?"]
    app.evaluate(f"async () => {{ window.chat = await alcove.openSession({{ model: '{TINY}' }}); }}")
    first = turn(app, "What is the capital of France?")
    assert said(first) == "The capital of France is Paris."
    result = app.evaluate(
        """async ([texts, model]) => {
          const code = ({ code }) => code;
          const chatting = await alcove.embed(texts, { model: "tiny-chat-webllm" }).catch(code);
          const talking = await alcove.openSession({ model }).catch(code);
          const preferring = await alcove.preference.set(model).catch(code);
          const found = await alcove.embed(texts, { model });
          const again = await alcove.embed(texts);
          const stop = AbortSignal.abort();
          const stopped = await alcove.embed(texts, { model, signal: stop }).catch(code);
          return {
            chatting, talking, preferring, stopped,
            kinds: found.map((vector) => vector.constructor.name),
            vectors: found.map((vector) => [...vector]),
            same: JSON.stringify(again) === JSON.stringify(found),
            workers: webllm.length,
          };
        }""",
        [texts, EMBED],
    )
    expected = np.stack([reference.vector(text) for text in texts])
    assert np.abs(np.array(result.pop("vectors"), np.float32) - expected).max() < 1e-3
    assert result == {
        "chatting": "unsupported",
        "talking": "unsupported",
        "preferring": "unsupported",
        "stopped": "cancelled",
        "kinds": ["Float32Array", "Float32Array"],
        "same": True,
        "workers": 2,
    }
    # The conversation's model stayed, with what it had computed.
    usage = next(event for event in turn(app, "Hello")["events"] if event["type"] == "usage")
    assert usage["cachedTokens"] > 0


def test_a_killed_worker_is_an_error_and_the_next_call_has_another(app: Page) -> None:
    result = app.evaluate(
        """async ([long, model]) => {
          await alcove.embed(["a"], { model });
          const running = alcove.embed(Array(2000).fill(long), { model }).catch(({ code }) => code);
          while (webllm.at(-1).embeds < 2) await new Promise((resolve) => setTimeout(resolve, 5));
          const began = performance.now();
          webllm.at(-1).terminate();
          const code = await running;
          const ms = performance.now() - began;
          const [vector] = await alcove.embed(["a"], { model });
          return { code, ms, size: vector.length };
        }""",
        [LONG, EMBED],
    )
    assert result.pop("ms") < 10_000
    assert result == {"code": "engine-crashed", "size": 64}
