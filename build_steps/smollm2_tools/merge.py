"""An adapter becomes part of a model: `… -m build_steps.smollm2_tools.merge NAME BASE ADAPTER TEMPLATE OUT`.

Runs in the project's environment, for it needs NumPy. Sums are taken one rank after the other and never by a
library for matrices, whose order of sums depends on the processor: the same bytes everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base import BuildError
from ..speech.gguf import F32, Q8_0, Tensor, gguf
from ..webllm.gguf import GgufFile

Matrix = NDArray[np.float32]
_NUMBERS = {"f32": F32, "q4_1": 3, "q8_0": Q8_0}
_BLOCK = 32


def merged(base: GgufFile, adapter: GgufFile, template: str, name: str) -> bytes:
    """
    The file of `base` with what `adapter` changes: products in 8 bits, gains in 32, all else bit for bit, and
    the chat template that tells of tools. Raises BuildError for an adapter of another model.
    """
    changed: dict[str, Tensor] = {}
    for key in adapter.tensors:
        stem, _, part = key.rpartition(".")
        whose = stem if part in ("lora_a", "lora_b") else key
        if whose not in base.tensors:
            raise BuildError(f"The adapter changes {whose}, which the model has not.", "Restore the adapter.")
        if part == "lora_a":
            changed[whose] = _product(base, adapter, whose)
        elif part != "lora_b":
            changed[whose] = Tensor(F32, base.tensors[whose].shape, adapter.data(key))
    tensors = {
        key: changed.get(key) or Tensor(_NUMBERS[stored.kind], stored.shape, base.data(key))
        for key, stored in base.tensors.items()
    }
    values: dict[str, Any] = {**base.values, "general.name": name, "tokenizer.chat_template": template}
    return gguf(values, tensors)


def _product(base: GgufFile, adapter: GgufFile, name: str) -> Tensor:
    matrix = weights(base, name)
    down, up = weights(adapter, f"{name}.lora_a"), weights(adapter, f"{name}.lora_b")
    if up.shape[0] != matrix.shape[0] or down.shape[1] != matrix.shape[1]:
        raise BuildError(f"The adapter's {name} has another shape.", "Restore the adapter.")
    for rank in range(len(down)):
        matrix = matrix + up[:, rank, None] * down[rank]
    return Tensor(Q8_0, matrix.shape, q8_0(matrix))


def weights(file: GgufFile, name: str) -> Matrix:
    """A tensor in 32 bits."""
    stored = file.tensors[name]
    data = np.frombuffer(file.data(name), np.uint8)
    if stored.kind == "f32":
        return data.view(np.float32).reshape(stored.shape)
    if stored.kind == "q8_0":
        blocks = data.reshape(-1, 2 + _BLOCK)
        scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        return (blocks[:, 2:].view(np.int8) * scales).reshape(stored.shape)
    blocks = data.reshape(-1, 4 + _BLOCK // 2)
    scales, least = blocks[:, :4].copy().view(np.float16).astype(np.float32).T[:, :, None]
    halves = np.concatenate((blocks[:, 4:] & 15, blocks[:, 4:] >> 4), 1)
    return (halves * scales + least).astype(np.float32).reshape(stored.shape)


def q8_0(matrix: Matrix) -> bytes:
    """As ggml keeps 8 bits: of each 32 the largest becomes 127."""
    blocks = matrix.reshape(-1, _BLOCK)
    scales = np.abs(blocks).max(1, keepdims=True) / np.float32(127)
    steps = np.rint(blocks / np.where(scales == 0, np.float32(1), scales)).astype(np.int8)
    return np.concatenate((scales.astype(np.float16).view(np.uint8), steps.view(np.uint8)), 1).tobytes()


def main(name: str, base: str, adapter: str, template: str, out: str) -> None:
    """Writes the merged file."""
    content = merged(GgufFile(Path(base)), GgufFile(Path(adapter)), Path(template).read_text(), name)
    Path(out).write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
