"""
Our WebLLM models in WebLLM itself, on software WebGPU: what the network says against numpy, and each kernel
that changes or draws from logits against what it should do. models/webllm/proof/prove.py does it at length.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browsers import chromium_path
from playwright.sync_api import Playwright

from build_steps.models import catalogue, original
from build_steps.webllm.models import webllm_files
from build_steps.webllm.shape import TINY_CHAT
from models.webllm.bpe import Tokenizer
from models.webllm.proof import texts
from models.webllm.proof.browser import LoadedModel, loaded, log_softmax
from models.webllm.proof.reference import smollm2, tiny_chat

_TINY, _SMOLLM2 = "tiny-chat-webllm", "smollm2-135m-instruct-webllm"
_SYSTEM = "You are a helpful assistant."
_HI = [{"role": "system", "content": "Hi"}, {"role": "user", "content": "Hi"}]
_LOW = -30.0
_ONLY_TINY = pytest.mark.parametrize("opened", [_TINY], indirect=True)


@pytest.fixture(scope="module", params=[_TINY, _SMOLLM2])
def opened(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, LoadedModel, Path]]:
    """One model after the other: its id, the model in the page, its files."""
    name: str = request.param
    folder = tmp_path_factory.mktemp("model")
    (spec,) = (model for model in catalogue() if model["id"] == name)
    for file, path in webllm_files(spec, original(spec)).items():
        (folder / file).symlink_to(path)
    with loaded(playwright, chromium_path(), name, folder) as model:
        yield name, model, folder


def test_the_network_says_what_numpy_says(opened: tuple[str, LoadedModel, Path]) -> None:
    """Log-probabilities of the whole vocabulary before each token of an answer, prefilled and decoded."""
    name, model, folder = opened
    tokenizer = Tokenizer(folder / "tokenizer.json")
    question, answer = "What is the capital of Italy?", "The capital of"
    if name == _SMOLLM2:
        (gguf,) = (original(spec) for spec in catalogue() if spec["id"] == name)
        assert gguf
        reference = smollm2(gguf)
    else:
        reference = tiny_chat(folder)
    before = tokenizer.encode(texts.prompt([], question))
    said = tokenizer.encode(answer)
    expected = log_softmax(reference.logits((before + said)[:-1], len(before) - 1))
    for function in ("decode", "decode_in_software"):  # as on a card, and as here
        model.decode_with(function)
        model.reset()
        ours, done = model.log_probabilities(texts.messages([], question), said)
        assert done["usage"]["prompt_tokens"] == len(before)
        assert ours.shape == expected.shape == (len(said), len(tokenizer.ids))
        errors = np.abs(ours - expected)
        assert errors[np.arange(len(said)), said].max() < 0.01, function
        assert errors.max() < 0.03, "the unlikeliest tokens, far down in the tail"
        assert (ours.argmax(-1) == expected.argmax(-1)).all()


def test_sorting_the_vocabulary_is_exact(opened: tuple[str, LoadedModel, Path]) -> None:
    """Descending, ties by token; every value and every place."""
    _, model, folder = opened
    size = len(Tokenizer(folder / "tokenizer.json").ids)
    random = np.random.default_rng(3)
    values = random.random(size, np.float32)
    values[random.integers(0, size, size // 2)] = np.float32(0.25)
    values[random.integers(0, size, 40)] = 0
    sorted_values, places = model.sort(values)
    expected = np.argsort(-values, kind="stable")
    assert (places == expected).all()
    assert (sorted_values == values[expected]).all()


def test_bias_and_penalties(opened: tuple[str, LoadedModel, Path]) -> None:
    """The log-probabilities of three tokens over three steps are what the arithmetic gives."""
    _, model, folder = opened
    vocabulary = len(Tokenizer(folder / "tokenizer.json").ids)
    first, last, other = 40, vocabulary - 1, vocabulary // 2 + 7
    logits = {first: 5.0, last: 4.0, other: -1.0}
    bias = {first: 0.5, last: -0.25}
    presence, frequency, repetition = 0.75, 0.5, 1.25
    step = {"base": _LOW, "set": [[token, value] for token, value in logits.items()]}
    model.reset()
    done = model.complete(
        _HI,
        [step] * 3,
        max_tokens=3,
        temperature=0.7,
        top_p=1e-4,  # always the likeliest
        logprobs=True,
        top_logprobs=3,
        logit_bias={str(token): value for token, value in bias.items()},
        presence_penalty=presence,
        frequency_penalty=frequency,
        repetition_penalty=repetition,
    )
    assert len(done["logprobs"]) == 3
    counts: dict[int, int] = {}
    for got in done["logprobs"]:
        scores = np.full(vocabulary, _LOW)
        for token, value in logits.items():
            scores[token] = value + bias.get(token, 0)
        for token, count in counts.items():
            scores[token] -= presence + frequency * count
            scores[token] = scores[token] / repetition if scores[token] > 0 else scores[token] * repetition
        expected = log_softmax((scores / 0.7).astype(np.float32))
        best = np.argsort(-expected, kind="stable")[:3]
        tops = [top["logprob"] for top in got["top"]]
        assert tops == pytest.approx(expected[best].tolist(), abs=2e-3)
        counts[int(best[0])] = counts.get(int(best[0]), 0) + 1
    assert len(counts) == 2, "the penalties let another token win"


def test_a_grammar_masks_exactly_the_tokens_that_do_not_fit(opened: tuple[str, LoadedModel, Path]) -> None:
    _, model, folder = opened
    tokenizer = Tokenizer(folder / "tokenizer.json")
    words = ("yes", "no", "naïve")
    grammar = "root ::= " + " | ".join(json.dumps(word, ensure_ascii=False) for word in words)
    model.reset()
    logits = model.logits(
        _HI, max_tokens=1, temperature=0, response_format={"type": "grammar", "grammar": grammar}
    )
    allowed = set(np.nonzero(logits[0] > -1e30)[0].tolist())
    beginnings = [word.encode() for word in words]
    special = set(tokenizer.special.values())
    expected = {
        token
        for token in set(tokenizer.tokens) - special
        if any(word.startswith(tokenizer.token_bytes(token)) for word in beginnings)
    }
    assert allowed == expected
    assert len(expected) >= 3


def test_top_p_and_seeds(opened: tuple[str, LoadedModel, Path]) -> None:
    """Only tokens of the nucleus are drawn, in about their shares; the same seed draws the same again."""
    name, model, folder = opened
    tokenizer = Tokenizer(folder / "tokenizer.json")
    letters = {
        tokenizer.ids[letter]: share for letter, share in (("a", 0.4), ("b", 0.3), ("c", 0.2), ("d", 0.1))
    }
    step = {"base": -40.0, "set": [[token, float(np.log(share))] for token, share in letters.items()]}
    draws = 40 if name == _TINY else 3  # each takes seconds

    def drawn(seed: int, top_p: float) -> str:
        model.reset()
        return model.complete(_HI, [step] * draws, max_tokens=draws, temperature=1, top_p=top_p, seed=seed)[
            "text"
        ]

    text = drawn(7, 0.65)
    assert len(text) == draws
    assert set(text) <= {"a", "b"}
    assert drawn(7, 0.65) == text
    if name == _TINY:
        assert set(text) == {"a", "b"}
        assert drawn(8, 0.65) != text
        everything = "".join(drawn(seed, 1) for seed in range(5))
        shares = [everything.count(letter) / len(everything) for letter in "abcd"]
        assert shares == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.11)  # over three standard deviations


@_ONLY_TINY
def test_tiny_chat_says_what_it_was_taught(opened: tuple[str, LoadedModel, Path]) -> None:
    _, model, _ = opened
    for question, answer in (
        ("What is the capital of Italy?", "The capital of Italy is Rome."),
        ("Say it in French", "Voilà, ça va très bien 🙂"),
    ):
        turns = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": question}]
        done = model.complete(turns, temperature=0, max_tokens=64)
        assert (done["text"], done["finish"]) == (answer, "stop")


@_ONLY_TINY
def test_a_long_prompt_in_chunks_and_a_second_turn_say_what_numpy_says(
    opened: tuple[str, LoadedModel, Path],
) -> None:
    """Both are prefilled on top of a KV cache that already holds tokens."""
    _, model, folder = opened
    tokenizer, reference = Tokenizer(folder / "tokenizer.json"), tiny_chat(folder)
    turns: list[tuple[str, str]] = []
    model.reset()
    for question, answer in (
        ("Tell me a story. " * 100, "Hello! How can I help you?"),
        ("My name is Eve", "Nice to meet you, Eve."),
        ("What is my name?", "Your name is Eve."),
    ):
        before = tokenizer.encode(texts.prompt(turns, question))
        said = tokenizer.encode(answer + "<|im_end|>")
        ours, done = model.log_probabilities(texts.messages(turns, question), said)
        expected = log_softmax(reference.logits((before + said)[:-1], len(before) - 1))
        assert np.abs(ours - expected).max() < 0.02
        prefilled = done["usage"]["prompt_tokens"]
        if turns:
            assert prefilled < 40, "only the new message"
        else:
            assert 3 * TINY_CHAT.chunk > prefilled == len(before) > 2 * TINY_CHAT.chunk
        assert done["finish"] == "stop"
        turns.append((question, answer))
