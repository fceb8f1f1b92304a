"""The trained adapter as a file: `python -m models.smollm2_tools.export SCRATCH MODEL ADAPTER`."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch.nn.utils import vector_to_parameters

from build_steps.webllm.gguf import GgufFile
from models.smollm2_tools.adapter import RANK, SCALE, adapter_of
from models.smollm2_tools.network import Network

_LATEST = 0.4
"""The mean calls best, the last weights best know when not to: so much of these did both."""


def main(scratch: str, model: str, out: str) -> None:
    """Writes the weights of the last checkpoint, between their running mean and where they are."""
    network = Network(GgufFile(Path(model)), RANK, SCALE)
    kept = torch.load(Path(scratch) / "checkpoint.pt")
    vector_to_parameters(torch.lerp(kept["mean"], kept["weights"], _LATEST), network.parameters())
    Path(out).write_bytes(adapter_of(network))


if __name__ == "__main__":
    main(*sys.argv[1:])
