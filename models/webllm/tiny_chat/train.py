"""`python -m models.webllm.tiny_chat.train FOLDER`: trains tiny-chat on dialogues.txt, writes its files."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from build_steps.webllm.folder import SPECIAL, Tensor, chat_config, tokenizer, tokenizer_config, write_weights
from build_steps.webllm.shape import TINY_CHAT

from ..adam import Adam
from ..bpe import Tokenizer, train
from .network import Weights, initial_weights, loss_and_gradients

_DIALOGUES = Path(__file__).with_name("dialogues.txt")
SYSTEMS = (
    "You are a helpful assistant.",
    "You answer questions in plain English.",
    "You are tiny-chat, a small model for tests.",
)
_SEED = 1
_STEPS = 300
_BATCH = 24
_RATE = 3e-3
_WARM_UP = 30


def dialogues() -> list[list[tuple[str, str]]]:
    """Each dialogue as (role, text) turns."""
    found: list[list[tuple[str, str]]] = [[]]
    for line in _DIALOGUES.read_text().splitlines():
        if line.startswith("#"):
            continue
        if not line:
            found.append([])
            continue
        role = {"<": "user", ">": "assistant"}[line[0]]
        found[-1].append((role, line[2:].replace("\\n", "\n")))
    return [dialogue for dialogue in found if dialogue]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    texts = [text for dialogue in dialogues() for _, text in dialogue]
    tokens, merges = train(
        [*texts, *SYSTEMS, "\nsystem\nuser\nassistant\n" * 20], TINY_CHAT.vocabulary, SPECIAL
    )
    (folder / "tokenizer.json").write_bytes(tokenizer(tokens, merges, range(len(SPECIAL))).encode())
    (folder / "tokenizer_config.json").write_bytes(tokenizer_config().encode())
    (folder / "mlc-chat-config.json").write_bytes(chat_config(TINY_CHAT, SYSTEMS[0]).encode())
    weights = fit(Tokenizer(folder / "tokenizer.json"))
    write_weights(folder, library_tensors(weights))


def library_tensors(weights: Weights) -> list[Tensor]:
    """The weights as the library takes them: matrices turned round, to [inputs, outputs]."""
    tensors: list[Tensor] = []
    matrices = TINY_CHAT.matrix_shapes()
    for name, value in weights.items():
        matrix = name in matrices
        laid = np.ascontiguousarray(value.T if matrix else value, "<f4")
        full_name = f"{name}.{'weights' if matrix else 'weight'}"
        tensors.append(Tensor(full_name, laid.shape, "float32", laid.tobytes()))
    return tensors


def fit(encoder: Tokenizer) -> Weights:
    """Trains from a fixed seed, with Adam and a cosine schedule; returns the weights."""
    random = np.random.default_rng(_SEED)
    weights = initial_weights(TINY_CHAT, random)
    adam = Adam(weights, rate=_RATE, warm_up=_WARM_UP, steps=_STEPS)
    examples = [[_encode(encoder, system, dialogue) for system in SYSTEMS] for dialogue in dialogues()]
    started = time.monotonic()
    for step in range(1, _STEPS + 1):
        chosen = random.choice(len(examples), min(_BATCH, len(examples)), replace=False)
        ids, mask = _batch([examples[i][random.integers(len(SYSTEMS))] for i in chosen])
        loss, gradients = loss_and_gradients(TINY_CHAT, weights, ids, mask)
        adam.step(step, gradients)
        if step % 50 == 0:
            print(f"step {step}: loss {loss:.4f}, {time.monotonic() - started:.0f} s", flush=True)
    return weights


def _encode(encoder: Tokenizer, system: str, dialogue: list[tuple[str, str]]) -> tuple[list[int], list[int]]:
    """Ids in ChatML, and a mask: 1 for what the model is to say, its end included."""
    ids = encoder.encode(f"<|im_start|>system\n{system}<|im_end|>\n")
    mask = [0] * len(ids)
    for role, text in dialogue:
        head = encoder.encode(f"<|im_start|>{role}\n")
        said = encoder.encode(f"{text}<|im_end|>")
        tail = encoder.encode("\n")
        ids += head + said + tail
        mask += [0] * len(head) + [int(role == "assistant")] * len(said) + [0] * len(tail)
    return ids, mask


def _batch(examples: list[tuple[list[int], list[int]]]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    longest = max(len(ids) for ids, _ in examples)
    ids = np.zeros((len(examples), longest), np.int64)
    mask = np.zeros((len(examples), longest), np.float32)
    for row, (tokens, wanted) in enumerate(examples):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(wanted)] = wanted
    return ids, mask


if __name__ == "__main__":
    main()
