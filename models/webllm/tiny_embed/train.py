"""
`python -m models.webllm.tiny_embed.train FOLDER`: trains tiny-embed on the dialogues of tiny-chat, so that a
question lies nearest to its answer, and questions with the same answer near each other. It knows nothing else
of language.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from build_steps.webllm.folder import (
    ENCODER_SPECIAL,
    Tensor,
    around_a_text,
    encoder_config,
    tokenizer,
    write_weights,
)
from build_steps.webllm.shape import TINY_EMBED

from ..adam import Adam
from ..bpe import Tokenizer, train
from ..tiny_chat.train import dialogues
from .network import Array, Forward, Weights, initial_weights

_SEED = 1
_STEPS = 120
_RATE = 2e-3
_WARM_UP = 10
_SHARPNESS = 10
"""What a cosine is multiplied by before it becomes odds."""


def questions() -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Questions that have one answer, all answers, and the place of each question's answer among them."""
    answers: dict[str, set[str]] = {}
    for dialogue in dialogues():
        for (_, asked), (_, answer) in zip(dialogue[::2], dialogue[1::2], strict=True):
            answers.setdefault(asked, set()).add(answer)
    known = sorted({answer for found in answers.values() for answer in found})
    asked = sorted(question for question, found in answers.items() if len(found) == 1)
    places = [known.index(next(iter(answers[question]))) for question in asked]
    return asked, known, np.array(places)


def batch(encoder: Tokenizer, texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids with the special tokens round each text, padded with 0, and the mask of what is no padding."""
    rows = [encoder.encode(f"[CLS]{text}[SEP]") for text in texts]
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    texts = [text for dialogue in dialogues() for _, text in dialogue]
    tokens, merges = train(texts, TINY_EMBED.vocabulary, ENCODER_SPECIAL)
    described = tokenizer(tokens, merges, range(len(ENCODER_SPECIAL)), around_a_text())
    (folder / "tokenizer.json").write_bytes(described.encode())
    (folder / "mlc-chat-config.json").write_bytes(encoder_config(TINY_EMBED).encode())
    write_weights(folder, library_tensors(fit(Tokenizer(folder / "tokenizer.json"))))


def library_tensors(weights: Weights) -> list[Tensor]:
    """The weights as the library takes them: matrices turned round, to [inputs, outputs]."""
    tensors: list[Tensor] = []
    matrices = TINY_EMBED.matrix_shapes()
    for name, value in weights.items():
        matrix = name in matrices
        laid = np.ascontiguousarray(value.T if matrix else value, "<f4")
        tensors.append(Tensor(f"{name}.weights" if matrix else name, laid.shape, "float32", laid.tobytes()))
    return tensors


def fit(encoder: Tokenizer) -> Weights:
    """Trains from a fixed seed, with Adam and a cosine schedule; returns the weights."""
    weights = initial_weights(TINY_EMBED, np.random.default_rng(_SEED))
    adam = Adam(weights, rate=_RATE, warm_up=_WARM_UP, steps=_STEPS)
    asked, answers, places = questions()
    asked_batch, answer_batch = batch(encoder, asked), batch(encoder, answers)
    started = time.monotonic()
    for step in range(1, _STEPS + 1):
        loss, gradients = loss_and_gradients(weights, asked_batch, answer_batch, places)
        adam.step(step, gradients)
        if step % 20 == 0:
            print(f"step {step}: loss {loss:.4f}, {time.monotonic() - started:.0f} s", flush=True)
    return weights


def loss_and_gradients(
    weights: Weights,
    asked_batch: tuple[NDArray, NDArray],
    answer_batch: tuple[NDArray, NDArray],
    places: NDArray[np.int64],
    shape=TINY_EMBED,
) -> tuple[float, Weights]:
    """Mean cross-entropy of finding each question's answer among all by its cosine, and its gradient."""
    asked, answers = (Forward(shape, weights, *given) for given in (asked_batch, answer_batch))
    scores: Array = _SHARPNESS * asked.vectors @ answers.vectors.T
    odds = np.exp(scores - scores.max(-1, keepdims=True))
    odds /= odds.sum(-1, keepdims=True)
    rows = np.arange(len(places))
    loss = float(-np.log(odds[rows, places]).mean())
    odds[rows, places] -= 1
    to_scores = odds * np.asarray(_SHARPNESS / len(places), odds.dtype)
    ours = asked.backward(to_scores @ answers.vectors)
    theirs = answers.backward(to_scores.T @ asked.vectors)
    return loss, {name: ours[name] + theirs[name] for name in weights}


if __name__ == "__main__":
    main()
