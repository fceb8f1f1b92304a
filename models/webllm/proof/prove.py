"""
`python -m models.webllm.proof.prove [--chromium PATH] [--json FILE]`: SmolLM2 in WebLLM against an f32
reference in numpy and against native llama.cpp, over the texts of texts.py. Minutes on a software GPU.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from build_steps.models import catalogue, original
from build_steps.webllm.models import webllm_files

from ..bpe import Tokenizer
from . import texts
from .browser import LoadedModel, loaded, log_softmax
from .native import Native
from .reference import Reference, smollm2

MODEL = "smollm2-135m-instruct-webllm"
_END = "<|im_end|>"


@dataclass
class Figures:
    """What was measured so far."""

    tokens: int = 0
    errors: list[float] = field(default_factory=list)
    worst_anywhere: float = 0.0
    same_as_reference: int = 0
    same_as_native: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        return {
            "tokens": self.tokens,
            "mean error of the forced tokens": float(np.mean(self.errors)),
            "largest error of a forced token": float(np.max(self.errors)),
            "largest error of any token": self.worst_anywhere,
            "top-1 as the reference": self.same_as_reference / self.tokens,
            "top-1 as native llama.cpp": self.same_as_native / self.tokens,
            "where native differs": self.differences,
        }


def model_folder(folder: Path) -> Path:
    """Puts the files of the model, as a build would ship them, into `folder`."""
    (model,) = (model for model in catalogue() if model["id"] == MODEL)
    for name, path in webllm_files(model, original(model)).items():
        (folder / name).symlink_to(path)
    return folder


class Prover:
    """Compares the answers of the three."""

    def __init__(
        self, model: LoadedModel, tokenizer: Tokenizer, reference: Reference, native: Native
    ) -> None:
        self._model, self._tokenizer = model, tokenizer
        self._reference, self._native = reference, native

    def compare(self, turns: list[tuple[str, str]], question: str, answer: str, figures: Figures) -> None:
        """Adds one answer, and the end of it, to the figures."""
        prompt = texts.prompt(turns, question)
        before, said = self._tokenizer.encode(prompt), self._tokenizer.encode(answer + _END)
        assert self._native.tokenize(prompt + answer + _END) == before + said, (
            "llama.cpp tokenises differently"
        )
        ours, done = self._model.log_probabilities(texts.messages(turns, question), said)
        assert len(ours) == len(said), f"{len(ours)} steps for {len(said)} tokens"
        reference = log_softmax(self._reference.logits((before + said)[:-1], len(before) - 1))
        native = self._native.next_tokens((before + said)[:-1], len(before))
        places = np.arange(len(said))
        figures.tokens += len(said)
        figures.errors += np.abs(ours - reference)[places, said].tolist()
        figures.worst_anywhere = max(figures.worst_anywhere, float(np.abs(ours - reference).max()))
        figures.same_as_reference += int((ours.argmax(-1) == reference.argmax(-1)).sum())
        for place, tops in enumerate(native):
            best, theirs = int(ours[place].argmax()), tops[0][0]
            if best == theirs:
                figures.same_as_native += 1
                continue
            words = [self._tokenizer.decode([token]) for token in (best, theirs)]
            gap = float(ours[place, best] - ours[place, theirs])
            figures.differences.append(
                {
                    "after": self._tokenizer.decode(said[:place]),
                    "ours": words[0],
                    "native": words[1],
                    "gap": gap,
                }
            )
        usage = done["usage"]["extra"]
        print(
            f"{question!r}: {len(said)} tokens, mean error so far {np.mean(figures.errors):.5f}, "
            f"native {figures.same_as_native}/{figures.tokens}, "
            f"{usage['prefill_tokens_per_s']:.1f} and {usage['decode_tokens_per_s']:.1f} tok/s",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    parser.add_argument("--chromium", default=found, help="default: the one on the PATH")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = model_folder(Path(name))
        (model,) = (model for model in catalogue() if model["id"] == MODEL)
        gguf = original(model)
        assert gguf
        tokenizer, reference, native = Tokenizer(folder / "tokenizer.json"), smollm2(gguf), Native(gguf)
        with loaded(playwright, options.chromium, MODEL, folder) as page:
            prover = Prover(page, tokenizer, reference, native)
            answers, conversation = Figures(), Figures()
            for question, answer in texts.ANSWERS:
                page.reset()
                prover.compare([], question, answer, answers)
            page.reset()
            turns: list[tuple[str, str]] = []
            for question, answer in texts.CONVERSATION:
                prover.compare(turns, question, answer, conversation)
                turns.append((question, answer))
    figures = {"answers": answers.summary(), "conversation": conversation.summary()}
    figures["seconds"] = time.monotonic() - started
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
