"""tiny-chat: its training computes the right gradients, and what was trained knows its dialogues."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from build_steps.webllm.models import FOLDERS
from build_steps.webllm.shape import TINY_CHAT
from models.webllm.bpe import Tokenizer
from models.webllm.proof.reference import tiny_chat
from models.webllm.tiny_chat.network import initial_weights, loss_and_gradients
from models.webllm.tiny_chat.train import SYSTEMS, dialogues

_FOLDER = FOLDERS / "tiny-chat-webllm"
_SMALL = dataclasses.replace(TINY_CHAT, vocabulary=24, hidden=16, heads=4, kv_heads=2, head_width=8, inner=24)


def test_gradients_are_those_of_finite_differences() -> None:
    random = np.random.default_rng(0)
    weights = {name: value.astype(np.float64) for name, value in initial_weights(_SMALL, random).items()}
    ids = random.integers(0, _SMALL.vocabulary, (2, 7))
    mask = (random.random((2, 7)) < 0.7).astype(np.float64)
    _, gradients = loss_and_gradients(_SMALL, weights, ids, mask)
    assert set(gradients) == set(weights)
    for name, value in weights.items():
        place = tuple(random.integers(0, size) for size in value.shape)
        kept, step = value[place], 1e-4
        value[place] = kept + step
        above, _ = loss_and_gradients(_SMALL, weights, ids, mask)
        value[place] = kept - step
        below, _ = loss_and_gradients(_SMALL, weights, ids, mask)
        value[place] = kept
        assert gradients[name][place] == pytest.approx((above - below) / (2 * step), rel=1e-3, abs=1e-6), name


def test_every_answer_of_the_dialogues_is_the_likeliest() -> None:
    tokenizer, reference = Tokenizer(_FOLDER / "tokenizer.json"), tiny_chat(_FOLDER)
    wrong: list[str] = []
    for dialogue in dialogues():
        ids = tokenizer.encode(f"<|im_start|>system\n{SYSTEMS[0]}<|im_end|>\n")
        for role, text in dialogue:
            ids += tokenizer.encode(f"<|im_start|>{role}\n")
            said = tokenizer.encode(f"{text}<|im_end|>")
            if role == "assistant":
                logits = reference.logits((ids + said)[:-1], len(ids) - 1)
                if logits.argmax(-1).tolist() != said:
                    wrong.append(text)
            ids += said + tokenizer.encode("\n")
    assert not wrong
