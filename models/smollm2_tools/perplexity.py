"""How likely general English is to two models: `python -m models.smollm2_tools.perplexity BASE MERGED`."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch.nn import functional

from build_steps.webllm.gguf import GgufFile
from models.smollm2_tools.batches import batch
from models.smollm2_tools.network import Network
from models.smollm2_tools.texts import Piece, Texts
from models.smollm2_tools.tokens import tokenizer_of

# The beginnings of Alice's Adventures in Wonderland (1865), Pride and Prejudice (1813) and On the Origin of
# Species (1859).
TEXT = Path(__file__).with_name("english.txt").read_text().strip()


def loss(model: Path, text: str = TEXT) -> float:
    """Nats a token."""
    file = GgufFile(model)
    with torch.no_grad():
        network = Network(file, 1, 0.0)
        one = batch([Texts("<|im_start|>", [[Piece(text, True)]])], tokenizer_of(file))
        return float(
            functional.cross_entropy(network(one.tokens, one.places, one.groups, one.wanted), one.targets)
        )


def main(base: str, merged: str) -> None:
    """Prints both, and how much more the second is."""
    before, after = loss(Path(base)), loss(Path(merged))
    print(f"nats a token: {before:.4f}, then {after:.4f}: {100 * (after / before - 1):+.2f} %")


if __name__ == "__main__":
    main(*sys.argv[1:])
