"""RunAnywhere's `TextGeneration.generate` on Alcove, against the same engine's worker called directly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab import Figure, SiteServer, at_least, median, rate, told, visit
from playwright.sync_api import Browser

_TOKENS = 48
_WARMING, _ROUNDS = 2, 12
_MODEL = "smollm2-135m-instruct"

_START = """async (model) => {
  window.A = await import(location.origin + "/alcove.js");
  await A.RunAnywhere.initialize();
  await A.ModelManager.loadModel(model);
}"""

_GENERATE = "([prompt, maxTokens]) => A.TextGeneration.generate(prompt, { maxTokens, temperature: 0 })"


def sdk(browser: Browser, site: SiteServer, catch_engine: str, direct: str, prompt: str) -> Iterator[Figure]:
    """@param direct: calls the worker that `catch_engine` kept; both are of measures.py"""
    arguments = {"messages": [{"role": "user", "content": prompt}], "maxTokens": _TOKENS}
    with visit(browser, site, catch_engine) as page:
        page.evaluate(_START, _MODEL)
        for _ in range(_WARMING):
            page.evaluate(_GENERATE, [prompt, _TOKENS])
            page.evaluate(direct, arguments)
        ours, alone = [], []
        for _ in range(_ROUNDS):
            ours.append(_rate(page.evaluate(_GENERATE, [prompt, _TOKENS])))
            alone.append(rate(page.evaluate(direct, arguments)))
    name = "tokens/s: TextGeneration.generate ÷ engine alone"
    yield at_least(name, median(ours) / median(alone), "ratio", 0.98)
    yield told("tokens/s through TextGeneration.generate", median(ours), "tokens/s")


def _rate(result: dict[str, Any]) -> float:
    """Tokens a second after the first, up to the end of the call."""
    return (result["tokensUsed"] - 1) / (result["latencyMs"] - result["timeToFirstTokenMs"]) * 1000
