"""20,000 pieces at full speed, from a server of the person's: does the page stay usable?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab import Figure, SiteServer, at_most, main_thread, told, visit
from local_server import ChatHandler, serving
from playwright.sync_api import Browser

PIECES = 20_000

_WORDS = (
    "quick",
    "brown",
    "foxes",
    "jump",
    "over",
    "**seven**",
    "clever",
    "wizards",
    "who",
    "mix",
    "potions",
)

_FLOOD = """async (url) => {
  await alcove.server.set({ baseUrl: url, model: "flood" });
  const { thread } = document.querySelector("alcove-app").workbench;
  await thread.use({ provider: "openai" });
  const began = performance.now();
  await thread.send({ text: "flood", pictures: [] });
  const seconds = (performance.now() - began) / 1000;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const said = thread.entries.at(-1).parts.map((part) => part.text).join("");
  return { seconds, characters: said.length };
}"""


def _pieces() -> Iterator[str]:
    for i in range(PIECES):
        if i % 400 == 399:
            yield "\n\n```python\nfor x in range(9):\n    print(x)\n```\n\n"
        elif i % 200 == 150:
            yield "\n\n- one point\n- another `code`\n\n"
        else:
            yield ".\n\n" if i % 60 == 59 else f" {_WORDS[i % len(_WORDS)]}"


class _Flood(ChatHandler):
    def on_models(self) -> None:
        self.answer_json({"data": [{"id": "flood"}]})

    def on_chat(self, request: dict[str, Any]) -> None:
        self.start(200, "text/event-stream")
        for piece in _pieces():
            self.send_delta({"content": piece})
        self.end_stream()


def flood(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """The tasks of the page's main thread while pieces arrive as fast as they can be read."""
    with serving(_Flood) as url, visit(browser, site) as page:
        page.set_default_timeout(600_000)
        with main_thread(browser, page) as tasks:
            heard = page.evaluate(_FLOOD, f"{url}v1")
    assert heard["characters"] == sum(map(len, _pieces())), "a part of the answer is missing"
    yield at_most("20,000 pieces: the longest task, processor time", tasks[0], "ms", 50)
    yield told("20,000 pieces: seconds until all are drawn", heard["seconds"], "s")
