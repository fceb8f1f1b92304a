"""tiny-embed: its training computes the right gradients, and a question lies nearest to its answer."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from build_steps.webllm.models import FOLDERS
from build_steps.webllm.shape import TINY_EMBED
from models.webllm.proof.encoder import tiny_embed
from models.webllm.tiny_embed.network import Forward, initial_weights
from models.webllm.tiny_embed.train import batch, loss_and_gradients, questions

_FOLDER = FOLDERS / "tiny-embed-webllm"
_SMALL = dataclasses.replace(TINY_EMBED, vocabulary=24, hidden=16, heads=4, inner=24, context=9)


def test_gradients_are_those_of_finite_differences() -> None:
    random = np.random.default_rng(0)
    weights = {name: value.astype(np.float64) for name, value in initial_weights(_SMALL, random).items()}

    def some(texts: int, tokens: int):
        lengths = random.integers(2, tokens + 1, texts)
        mask = (np.arange(tokens) < lengths[:, None]).astype(np.int64)
        return random.integers(1, _SMALL.vocabulary, (texts, tokens)) * mask, mask

    asked, answers, places = some(4, 6), some(3, 9), np.array([0, 2, 1, 2])
    _, gradients = loss_and_gradients(weights, asked, answers, places, _SMALL)
    assert set(gradients) == set(weights)
    for name, value in weights.items():
        place = np.unravel_index(np.abs(gradients[name]).argmax(), value.shape)
        kept, step = value[place], 1e-5
        value[place] = kept + step
        above, _ = loss_and_gradients(weights, asked, answers, places, _SMALL)
        value[place] = kept - step
        below, _ = loss_and_gradients(weights, asked, answers, places, _SMALL)
        value[place] = kept
        assert gradients[name][place] == pytest.approx((above - below) / (2 * step), rel=1e-3, abs=1e-7), name


def test_padding_changes_no_vector() -> None:
    weights = initial_weights(_SMALL, np.random.default_rng(2))
    ids = np.array([[1, 5, 7, 2], [1, 2, 0, 0]])
    mask = np.array([[1, 1, 1, 1], [1, 1, 0, 0]])
    together = Forward(_SMALL, weights, ids, mask).vectors
    alone = Forward(_SMALL, weights, ids[1:, :2], mask[1:, :2]).vectors
    assert np.abs(together[1] - alone[0]).max() < 1e-6


def test_every_question_of_the_dialogues_finds_its_answer() -> None:
    reference = tiny_embed(_FOLDER)
    asked, answers, places = questions()
    assert len(asked) > 30
    ours = np.stack([reference.vector(text) for text in asked])
    theirs = np.stack([reference.vector(text) for text in answers])
    assert (np.argmax(ours @ theirs.T, -1) == places).all()


def test_the_longest_text_fits_and_the_tokens_are_those_of_the_training() -> None:
    reference = tiny_embed(_FOLDER)
    asked, answers, _ = questions()
    ids, mask = batch(reference.tokenizer, [*asked, *answers])
    assert mask.sum(-1).max() <= TINY_EMBED.context
    assert ids[0, : mask[0].sum()].tolist() == reference.tokens(asked[0])
