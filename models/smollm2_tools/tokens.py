"""SmolLM2's own tokenizer, from the vocabulary of its GGUF file."""

from __future__ import annotations

from typing import Any

from tokenizers import Tokenizer

from build_steps.webllm.folder import tokenizer
from build_steps.webllm.gguf import GgufFile

_CONTROL = 3


def tokenizer_of(file: GgufFile) -> Any:
    """What turns texts into the tokens that llama.cpp makes of them, its special ones among them."""
    values = file.values
    kinds = values["tokenizer.ggml.token_type"]
    special = [place for place, kind in enumerate(kinds) if kind == _CONTROL]
    return Tokenizer.from_str(
        tokenizer(values["tokenizer.ggml.tokens"], values["tokenizer.ggml.merges"], special)
    )
