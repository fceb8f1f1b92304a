"""What llama.cpp's worker kept of prompts on the device, and turns after which it is kept."""

from __future__ import annotations

from typing import Any

from llamacpp import complete
from playwright.sync_api import Page
from waiting import wait_for

# Runs before the engine's own script. The engine keeps a prompt when it has rested for 4 s: here it rests at
# once, or, when it was told to "hold", never; it answers each word with whether it is about to keep one.
RESTS_SOON = """
{
  const later = setTimeout, never = clearTimeout;
  let keep, timer, held = false;
  globalThis.setTimeout = (...call) => {
    if (call[1] !== 4000) return later(...call);
    keep = () => { keep = undefined; call[0](); };
    return (timer = later(() => held || keep?.(), 50));
  };
  globalThis.clearTimeout = (id) => {
    if (id === timer) keep = undefined;
    never(id);
  };
  new BroadcastChannel("rest").onmessage = ({ data, target }) => {
    held ||= data === "hold";
    target.postMessage(keep !== undefined);
  };
}
"""

FILES = """
async () => {
  const names = [];
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("states");
    for await (const name of folder.keys()) names.push(name);
  } catch {}
  return names.sort();
}
"""


def forget(page: Page) -> None:
    """As the page does it (workers/files/kept-prompts.ts)."""
    page.evaluate(
        """async () => {
          new BroadcastChannel("alcove-states").postMessage(null);
          const root = await navigator.storage.getDirectory();
          await root.removeEntry("states", { recursive: true }).catch(() => undefined);
        }"""
    )


def about_to_keep(page: Page, *, hold: bool = False) -> bool:
    """Whether the worker (RESTS_SOON) is about to keep a prompt; with `hold` it keeps none from now on."""
    return page.evaluate(
        """(word) => new Promise((heard) => {
          const channel = new BroadcastChannel("rest");
          channel.onmessage = ({ data }) => { channel.close(); heard(data); };
          channel.postMessage(word);
        })""",
        "hold" if hold else "tell",
    )


def kept(page: Page) -> list[str]:
    """The conversations that are kept in whole."""
    return [name for name in page.evaluate(FILES) if name.endswith(".json")]


def turn(page: Page, messages: list[dict[str, Any]], **fields: Any) -> tuple[list[dict[str, Any]], int, int]:
    """The conversation with its answer, its tokens, and how many of the prompt were there before."""
    answer = complete(page, messages, **({"max_tokens": 8} | fields))
    assert answer["error"] is None
    usage = answer["usage"]
    messages = [*messages, {"role": "assistant", "content": answer["text"]}]
    return messages, usage["total_tokens"], usage["prompt_tokens_details"]["cached_tokens"]


def turn_and_keep(
    page: Page, messages: list[dict[str, Any]], count: int = 1
) -> tuple[list[dict[str, Any]], int]:
    """A turn, after which the page waits until so many conversations are kept."""
    talk, tokens, _ = turn(page, messages)
    wait_for(page, lambda: len(kept(page)) >= count, "the conversation is kept", 30_000)
    return talk, tokens
