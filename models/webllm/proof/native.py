"""llama.cpp itself, native, on the same GGUF: what it would say next."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xllamacpp

_ALTERNATIVES = 5


class Native:
    """llama.cpp with the model loaded. It quantises activations to 8 bits, which f32 engines do not."""

    def __init__(self, gguf: Path, context: int = 1024) -> None:
        settings = xllamacpp.CommonParams()
        settings.model.path = str(gguf)
        settings.n_ctx = context
        settings.n_parallel = 1
        settings.warmup = False
        settings.verbosity = 0
        self._server = xllamacpp.Server(settings)

    def next_tokens(self, ids: Sequence[int], first: int) -> list[list[tuple[int, float]]]:
        """After each of `ids[first - 1:]`, the likeliest tokens with their log-probabilities, best first."""
        return [self._after(ids[:end]) for end in range(first, len(ids) + 1)]

    def tokenize(self, text: str) -> list[int]:
        """Token ids; special tokens may stand in the text."""
        request = {"content": text, "add_special": False, "parse_special": True}
        url = f"{self._server.listening_address}/tokenize"
        with urllib.request.urlopen(url, json.dumps(request).encode(), timeout=60) as answer:
            return json.load(answer)["tokens"]

    def _after(self, ids: Sequence[int]) -> list[tuple[int, float]]:
        request = {
            "prompt": list(ids),
            "n_predict": 1,
            "temperature": 0,
            "n_probs": _ALTERNATIVES,
            "cache_prompt": True,
        }
        answer = _parsed(self._server.handle_completions(request))
        (step,) = answer["choices"][0]["logprobs"]["content"]
        return [(top["id"], top["logprob"]) for top in step["top_logprobs"]]


def _parsed(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else json.loads(answer)
