"""WebLLM and one of our models in a real Chromium on (software) WebGPU, held by the hand from Python."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, Playwright

from build_steps.base import ROOT, place
from build_steps.serve import SiteServer

_PAGE = Path(__file__).parent
_WEB_LLM = ROOT / "node_modules" / "@mlc-ai" / "web-llm" / "lib" / "index.js"
_FLAGS = ["--no-sandbox", "--enable-unsafe-webgpu", "--disable-background-networking", "--no-first-run"]
_TIMEOUT_MS = 900_000

Message = dict[str, str]


class LoadedModel:
    """A model in the page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def complete(
        self, messages: Sequence[Message], plan: Sequence[dict[str, Any]] = (), **settings: Any
    ) -> dict[str, Any]:
        """
        One completion with a fresh state. `plan` replaces the logits of its steps: {"token": id} forces one,
        {"base": x, "set": [[id, y], …]} sets all of them.
        """
        return self._complete({"messages": list(messages), **settings}, plan, keep=False)

    def log_probabilities(
        self, messages: Sequence[Message], tokens: Sequence[int], **settings: Any
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """
        Makes the model say `tokens`; returns the log-probabilities [tokens, vocabulary] that it gave before
        each, and the completion.
        """
        request = {"messages": list(messages), "temperature": 0, "max_tokens": len(tokens), **settings}
        done = self._complete(request, [{"token": token} for token in tokens], keep=True)
        logits = np.stack([np.frombuffer(base64.b64decode(step), np.float32) for step in done["logits"]])
        return log_softmax(logits), done

    def logits(
        self, messages: Sequence[Message], plan: Sequence[dict[str, Any]] = (), **settings: Any
    ) -> NDArray[np.float32]:
        """The logits [steps, vocabulary] of a completion, after a grammar's mask."""
        done = self._complete({"messages": list(messages), **settings}, plan, keep=True)
        return np.stack([np.frombuffer(base64.b64decode(step), np.float32) for step in done["logits"]])

    def sort(self, values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """The library's descending sort of one row: values and their places."""
        got = self._page.evaluate("(values) => proof.sort(values)", values.astype(float).tolist())
        return (
            np.frombuffer(base64.b64decode(got[0]), np.float32),
            np.frombuffer(base64.b64decode(got[1]), np.int32),
        )

    def decode_with(self, function: str) -> None:
        """
        The library's function that computes a token from the one before: "decode" for a card, or
        "decode_in_software", which a new model has here.
        """
        self._page.evaluate("(name) => proof.decodeWith(name)", function)

    def reset(self) -> None:
        """Forgets the conversation, so that the next prompt is prefilled whole."""
        self._page.evaluate("() => proof.reset()")

    def _complete(
        self, request: dict[str, Any], plan: Sequence[dict[str, Any]], keep: bool
    ) -> dict[str, Any]:
        return self._page.evaluate(
            "([request, plan, keep]) => proof.complete(request, plan, keep)", [request, list(plan), keep]
        )


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Along the last axis, in double precision."""
    shifted = logits.astype(np.float64) - logits.max(-1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))).astype(np.float32)


@contextmanager
def loaded(playwright: Playwright, chromium: str | None, model: str, folder: Path) -> Iterator[LoadedModel]:
    """Opens a browser with the model whose files, library included, lie in `folder`."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for source in (_PAGE / "page.html", _PAGE / "page.js"):
            place(root / source.name, source)
        place(root / "web-llm.js", _WEB_LLM)
        for path in folder.iterdir():
            place(root / "models" / model / "resolve" / "main" / path.name, path.resolve())
        server = SiteServer(root)
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        try:
            page = browser.new_page()
            page.set_default_timeout(_TIMEOUT_MS)
            page.on("console", lambda message: print(f"console {message.type}: {message.text[:600]}"))
            page.goto(server.url + "page.html")
            page.evaluate("(id) => proof.load(id)", model)
            opened = LoadedModel(page)
            opened.decode_with("decode_in_software")
            yield opened
        finally:
            browser.close()
            server.stop()
