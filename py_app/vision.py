"""Eyes for Python code: a vision model of this tab, and pictures of the camera and the screen.

vision = VisionProcessor()
description = vision.process_image("screenshot.png", "What's on the screen?")
"""

from __future__ import annotations

import asyncio
import base64
import sys
from collections.abc import Coroutine
from os import PathLike
from typing import Any, Literal

from providers.json_types import Json
from py_app import bridge
from py_app.bridge import Host
from py_app.errors import AlcoveError
from py_app.home import given_file
from py_app.pictures import media_type
from py_app.session import needed_host

MAX_TOKENS = 500
_LACKS = "no vision model"


class VisionProcessor:
    """A vision model: `model` of the catalogue, else the one in use, else the one that comes with the site.

    `host` is the page; without it the page of this worker.
    """

    def __init__(self, model: str | None = None, *, host: Host | None = None) -> None:
        self.model = model
        self._host = host

    def process_image(
        self,
        image_path: str | PathLike[str] | bytes,
        prompt: str = "Can you describe this image?",
        *,
        max_tokens: int = MAX_TOKENS,
        read: bool = True,
    ) -> str:
        """What the model says of a picture (its path, or its bytes), and what is written in it, letter by
        letter; with `read` false only the model's words.

        Waits without `await`, which needs a browser with JavaScript Promise Integration. Raises AlcoveError:
        `unsupported` where the browser has none (use `process_image_async`) and without a page, `bad-request`
        for a file that is not there or that is no picture, and whatever the model fails with.
        """
        return _wait(self.process_image_async(image_path, prompt, max_tokens=max_tokens, read=read))

    async def process_image_async(
        self,
        image_path: str | PathLike[str] | bytes,
        prompt: str = "Can you describe this image?",
        *,
        max_tokens: int = MAX_TOKENS,
        read: bool = True,
    ) -> str:
        """As `process_image`, in every browser."""
        data = given_file.read(image_path, "picture")
        request: Json = {
            "image": {"media_type": media_type(data), "data": base64.b64encode(data).decode()},
            "prompt": prompt,
            "max_tokens": max_tokens,
            "read": read,
        }
        if self.model is not None:
            request["model"] = self.model
        return (await bridge.see(needed_host(self._host, _LACKS), request))["text"]


async def capture(source: Literal["camera", "screen"], *, host: Host | None = None) -> bytes:
    """A picture of what the camera or the screen shows, as a PNG; the browser asks the person first.

    Raises AlcoveError: `unsupported` when it cannot be had or was not allowed, and without a page.
    """
    taken = await bridge.capture(needed_host(host, _LACKS), {"source": source})
    return base64.b64decode(taken["data"])


def _wait(work: Coroutine[Any, Any, str]) -> str:
    """The result of `work`, without `await`."""
    if sys.platform == "emscripten":
        from pyodide.ffi import can_run_sync, run_sync

        if can_run_sync():
            return run_sync(work)
    else:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(work)
    work.close()
    raise AlcoveError(
        "unsupported",
        "Python cannot wait for the vision model here.",
        action="Write `await vision.process_image_async(…)` instead.",
    )
