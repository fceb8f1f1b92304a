"""Harm to the engine's inner worker, where llama.cpp computes, at a moment of the test's choice."""

from __future__ import annotations

from typing import Any

from looking import pixels
from PIL import Image
from playwright.sync_api import Page

# Runs before the engine's own script. On a word it does to the newest inner worker what the word says: "now",
# or when that worker is next told to do something ("load", "completion", "get_result"). Where one is "gone",
# time goes eight times as fast until there is another one.
FAULTY = """
{
  const Real = globalThis.Worker;
  let newest, planned;
  const [now, later] = [performance.now.bind(performance), setTimeout];
  let ahead = 0, since;
  performance.now = () => now() + ahead + (since ? 7 * (now() - since) : 0);
  globalThis.setTimeout = (work, ms, ...more) => later(work, since && ms > 500 ? ms / 8 : ms, ...more);
  const harm = (kind) => {
    if (kind === "kill" || kind === "gone") newest.terminate();
    if (kind === "gone") since = now();
    if (kind === "trap") newest.onmessage({ data: { verb: "signal.abort", args:
      ["exception", "memory access out of bounds", "", new Error("memory access out of bounds")] } });
    if (kind === "abort") newest.onmessage({ data: { verb: "signal.abort", args:
      ["abort", "Aborted(unreachable)", "", null] } });
    if (kind === "uncaught") newest.onerror(new ErrorEvent("error", { message: "unreachable" }));
  };
  globalThis.Worker = class extends Real {
    constructor(url, options) {
      super(url, options);
      if (!String(url).startsWith("blob:")) return;
      newest = this;
      ahead = performance.now() - now();
      since = undefined;
    }
    postMessage(message, transfer) {
      super.postMessage(message, transfer);
      const { kind, stage, after } = planned ?? {};
      if (!planned || message?.verb !== "wllama.action" || message.args[0] !== stage) return;
      if (planned.after-- > 0) return;
      planned = undefined;
      setTimeout(() => harm(kind), 0);
    }
  };
  new BroadcastChannel("faults").onmessage = ({ data, target }) => {
    if (data.stage === "now") harm(data.kind);
    else planned = data;
    target.postMessage("heard");
  };
}
"""


def plan(page: Page, kind: str, stage: str, after: int = 0) -> None:
    """Has the worker do such harm at this `stage`, `after` so many of them; returns when it knows."""
    page.evaluate("() => engine.call('describe', {}).done")  # it listens from then on
    page.evaluate(
        """(fault) => new Promise((heard) => {
          const faults = new BroadcastChannel("faults");
          faults.onmessage = () => { faults.close(); heard(); };
          faults.postMessage(fault);
        })""",
        {"kind": kind, "stage": stage, "after": after},
    )


def noise() -> dict[str, Any]:
    """A picture that no cache holds."""
    return pixels(Image.effect_noise((96, 96), 90))
