"""Texts to vectors in a page whose embedding model is loaded, by either engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Page

# Of models with a window of 256 tokens.
TOO_LONG = ("word " * 300, "x" * 100_000)

_EMBED = """
async ({ request, stopMs }) => {
  let stopped = null;
  const running = engine.call("embed", { request });
  if (stopMs !== null) setTimeout(() => { stopped = performance.now(); running.cancel(); }, stopMs);
  const reply = await running.done.then((reply) => ({ reply }), (error) => ({ error }));
  return { ...reply, stopMs: stopped === null ? null : performance.now() - stopped };
}
"""


def embed(page: Page, texts: Any, *, stop_ms: float | None = None, **fields: Any) -> dict[str, Any]:
    """{reply, error, stopMs} of one request."""
    options = {"request": {"input": texts, **fields}, "stopMs": stop_ms}
    return page.evaluate(f"(options) => ({_EMBED})(options)", options)


def vectors(page: Page, texts: list[str]) -> np.ndarray:
    """One row for each text."""
    result = embed(page, texts)
    assert "error" not in result, result
    return np.array([entry["embedding"] for entry in result["reply"]["data"]], np.float32)


def check_overflow(page: Page, text: str) -> None:
    """A text of TOO_LONG is refused by its place."""
    error = embed(page, ["short", text])["error"]
    assert error["code"] == "context-overflow"
    assert error["message"].startswith("Text 2 has ")
    assert "256" in error["message"]
