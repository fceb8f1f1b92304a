"""The adapter's file: of products `lora_a` and `lora_b` in 8 bits, as llama.cpp names them, gains in 32."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from build_steps.smollm2_tools.merge import q8_0, weights
from build_steps.speech.gguf import F32, Q8_0, Tensor, gguf
from build_steps.webllm.gguf import GgufFile
from models.smollm2_tools.network import Network

RANK, SCALE = 32, 1.0
_PARTS = {"down": "lora_a", "up": "lora_b"}


def stored_name(parameter: str) -> str:
    """What a parameter of the network is called in a file."""
    if parameter == "output_norm":
        return "output_norm.weight"
    _, place, stem, *part = parameter.split(".")
    return ".".join([f"blk.{place}.{stem}.weight", *(_PARTS[one] for one in part)])


def adapter_of(network: Network) -> bytes:
    """The file."""
    tensors: dict[str, Tensor] = {}
    for name, parameter in network.named_parameters():
        values = parameter.detach().numpy()
        if name.endswith(".up"):
            values = values * np.float32(SCALE)
        if values.ndim == 2:
            tensors[stored_name(name)] = Tensor(Q8_0, values.shape, q8_0(values))
        else:
            tensors[stored_name(name)] = Tensor(F32, values.shape, values.tobytes())
    about = {"general.type": "adapter", "general.architecture": "llama", "adapter.type": "lora"}
    return gguf({**about, "adapter.lora.alpha": float(RANK)}, tensors)


def adapter_into(network: Network, path: Path) -> None:
    """Gives the network what an adapter's file holds, for a training that goes on from it."""
    file = GgufFile(path)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            values = torch.from_numpy(np.array(weights(file, stored_name(name))))
            parameter.copy_(values / SCALE if name.endswith(".up") else values)
