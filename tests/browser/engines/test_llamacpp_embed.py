"""Embeddings by llama.cpp: the worker called directly, against native llama.cpp, and the page."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from embedding import TOO_LONG, check_overflow, embed, vectors
from embedding_models import encoder_entry, write_encoder
from hub import Hub
from llamacpp import catalogue_model, load, open_engine, user
from playwright.sync_api import BrowserContext, Page
from waiting import wait_ready
from webllm import call

from build_steps.serve import SiteServer

TEXTS = [
    "Hello there",
    "hello",
    "What is the capital of France?",
    "The capital of France is Paris.",
    "Voilà 🙂",
    "word " * 200,
]

_NATIVE = """
import json, sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.embedding = True
params.n_ctx = params.n_batch = params.n_ubatch = 256
params.n_parallel = 1
params.port = 0
params.warmup = False
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
replies = [server.handle_embeddings({"input": text}) for text in json.load(sys.stdin)]
print(json.dumps(replies))
"""


def native(model: Path, texts: list[str]) -> tuple[np.ndarray, int]:
    """Vectors and tokens of llama.cpp itself, of the same version."""
    command = [sys.executable, "-c", _NATIVE, str(model)]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120
    )
    replies = json.loads(done.stdout.strip().splitlines()[-1])
    found = np.array([reply["data"][0]["embedding"] for reply in replies], np.float32)
    return found, sum(reply["usage"]["total_tokens"] for reply in replies)


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


def publish(hub: Hub, path: Path) -> dict[str, Any]:
    """Puts the model on the hub, and describes it."""
    name = f"alcove/encoders/{path.name}"
    hub.files[name] = path.read_bytes()
    return encoder_entry(path, hub.address(name))


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder") / "encoder.gguf")


@pytest.fixture(scope="module")
def embedder(profile: BrowserContext, site: SiteServer, hub: Hub, encoder: Path) -> Iterator[Page]:
    """A page with the encoder loaded in a worker of its own."""
    page = open_engine(profile, site)
    result = load(page, publish(hub, encoder))
    assert result["error"] is None
    assert result["loaded"]["context"] == 256
    yield page
    page.close()


def test_the_vectors_are_those_of_native_llamacpp(embedder: Page, encoder: Path) -> None:
    expected, tokens = native(encoder, TEXTS)
    result = embed(embedder, TEXTS)
    assert "error" not in result, result
    reply = result["reply"]
    assert (reply["object"], reply["model"]) == ("list", "encoder")
    assert [entry["index"] for entry in reply["data"]] == list(range(len(TEXTS)))
    assert reply["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}
    ours = np.array([entry["embedding"] for entry in reply["data"]], np.float32)
    assert ours.shape == (len(TEXTS), 96)
    assert np.abs(np.linalg.norm(ours, axis=-1) - 1).max() < 1e-5
    errors = np.abs(ours - expected)
    print(f"against native: mean error {errors.mean():.2e}, largest {errors.max():.2e}")
    assert errors.max() < 2e-3


def test_a_file_that_says_nothing_of_pooling_takes_the_mean(
    profile: BrowserContext, site: SiteServer, hub: Hub, embedder: Page, tmp_path: Path
) -> None:
    page = open_engine(profile, site)
    path = write_encoder(tmp_path / "unsaid.gguf", pools=False)
    assert load(page, publish(hub, path))["error"] is None
    assert np.abs(vectors(page, TEXTS[:2]) - vectors(embedder, TEXTS[:2])).max() < 1e-6
    page.close()


@pytest.mark.parametrize("text", TOO_LONG)
def test_a_text_over_the_window_overflows(embedder: Page, text: str) -> None:
    check_overflow(embedder, text)
    assert vectors(embedder, ["short"]).shape == (1, 96)


@pytest.mark.parametrize(("request_", "said"), [({"input": []}, "no text"), ({"input": ["a", 7]}, "Text 2")])
def test_a_wrong_request_is_refused(embedder: Page, request_: dict[str, Any], said: str) -> None:
    error = call(embedder, "embed", request=request_)
    assert error["code"] == "bad-request"
    assert said in error["message"]


def test_a_model_does_what_it_is_made_for(profile: BrowserContext, site: SiteServer, embedder: Page) -> None:
    chat = {"messages": [user("Hello")]}
    error = call(embedder, "complete", request=chat)
    assert error["code"] == "unsupported", error
    assert error["message"] == "This model makes embeddings; it writes no text."
    assert embed(embedder, "a", model="another")["error"]["code"] == "model-not-found"
    page = open_engine(profile, site)
    assert embed(page, "a")["error"]["code"] == "model-not-found"
    assert load(page, catalogue_model())["error"] is None
    error = embed(page, "a")["error"]
    assert (error["code"], error["action"]) == ("unsupported", "Choose an embedding model.")
    page.close()


def test_a_stop_is_answered_at_once_and_the_next_request_works(embedder: Page) -> None:
    result = embed(embedder, ["word " * 200] * 2000, stop_ms=200)
    assert result["error"]["code"] == "cancelled"
    assert result["stopMs"] < 1000
    assert vectors(embedder, ["hello"]).shape == (1, 96)


def test_the_page_takes_a_model_of_the_persons(
    profile: BrowserContext, site: SiteServer, encoder: Path
) -> None:
    """A GGUF file from disk is listed as a model that compares texts, and is there by its name."""
    page = profile.new_page()
    page.goto(site.url)
    wait_ready(page)
    result = page.evaluate(
        """async ([bytes, texts]) => {
          const file = new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], "mine.gguf");
          const { id, goodFor } = await alcove.models.importFile(file);
          const found = await alcove.embed(texts, { model: id });
          const talking = await alcove.openSession({ model: id }).catch(({ code }) => code);
          await alcove.models.remove(id);
          return { goodFor, talking, vectors: found.map((vector) => [...vector]) };
        }""",
        [base64.b64encode(encoder.read_bytes()).decode(), TEXTS[:3]],
    )
    expected, _ = native(encoder, TEXTS[:3])
    assert np.abs(np.array(result.pop("vectors"), np.float32) - expected).max() < 2e-3
    assert result == {"goodFor": ["embedding"], "talking": "unsupported"}
    page.close()
