"""The camera as JSON texts of ViLA, one a frame, given to whoever listens."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import time
import uuid
from collections.abc import Callable, Sequence

from py_app.errors import AlcoveError
from py_app.session import default_host

_log = logging.getLogger("om1_vlm")

FrameCallback = Callable[[str], object]

_FRAME = "alcove:video-frame"
"""What the page is asked for (`workers/python/host.ts`)."""
_MOST_UNDONE = 2
"""Calls that did not end yet: with more, frames are passed over until one does."""


class VideoStream:
    """Frames of camera `device_index`, as JPEGs of at most `resolution` (width, height) pixels.

    `start()` wants a running event loop, on which the callbacks are called too: each gets a JSON text with
    `timestamp` (seconds) and `frame` (base64), and may answer a coroutine, a task or nothing.
    """

    def __init__(
        self,
        frame_callback: FrameCallback | None = None,
        frame_callbacks: Sequence[FrameCallback] | None = None,
        fps: int = 30,
        resolution: tuple[int, int] = (640, 480),
        jpeg_quality: int = 70,
        device_index: int = 0,
    ) -> None:
        self.frame_callbacks = list(frame_callbacks or [])
        if frame_callback:
            self.frame_callbacks.append(frame_callback)
        self.fps = fps
        self.running = False
        width, height = resolution
        self._wish = {"device": device_index, "width": width, "height": height, "quality": jpeg_quality}
        self._task: asyncio.Task[None] | None = None
        self._undone: set[asyncio.Future[object]] = set()

    def register_frame_callback(self, callback: FrameCallback) -> None:
        """One more that hears of every frame."""
        if callback not in self.frame_callbacks:
            self.frame_callbacks.append(callback)

    def unregister_frame_callback(self, callback: FrameCallback) -> None:
        if callback in self.frame_callbacks:
            self.frame_callbacks.remove(callback)

    def start(self) -> None:
        """Asks the browser for the camera, and that asks the person; where there is none, that is logged, and
        so is what a callback fails with, which ends it.

        Raises RuntimeError without a running loop.
        """
        if not self.running:
            self._task = asyncio.get_running_loop().create_task(self._run())
            self.running = True

    def stop(self) -> None:
        """Lets go of the camera."""
        self.running = False
        self._task = None

    async def _run(self) -> None:
        stream = uuid.uuid4().hex
        this = asyncio.current_task()  # not that of a start after a stop
        try:
            while self._task is this:
                began = time.monotonic()
                frame = await _asked({"stream": stream, **self._wish})
                if frame and self._task is this and len(self._undone) < _MOST_UNDONE:
                    self._give(json.dumps({"timestamp": time.time(), "frame": frame}))
                await asyncio.sleep(max(0.0, 1 / self.fps - (time.monotonic() - began)))
        except AlcoveError as error:  # nobody waits for this task
            _log.error("%s %s", error, error.data["action"])
        except Exception:
            _log.exception("A callback failed: the stream ends.")
        finally:
            if self._task is this:
                self.stop()
            await _asked({"stream": stream, "stop": True})

    def _give(self, text: str) -> None:
        for callback in list(self.frame_callbacks):
            answer = callback(text)
            if inspect.isawaitable(answer):
                undone = asyncio.ensure_future(answer)
                self._undone.add(undone)
                undone.add_done_callback(self._done)

    def _done(self, ended: asyncio.Future[object]) -> None:
        self._undone.discard(ended)
        if not ended.cancelled():
            ended.exception()  # a connection that closed is told to whoever reads it


async def _asked(request: dict[str, object]) -> str | None:
    """Raises AlcoveError: `unsupported` where there is no camera, or it was not allowed."""
    host = default_host()
    if host is None:
        raise AlcoveError(
            "unsupported", "There is no page here, and so no camera.", action="Run it in Alcove."
        )
    answer = json.loads(await host.call_tool("", uuid.uuid4().hex, _FRAME, json.dumps(request)))
    if "error" in answer:
        raise AlcoveError.read(answer["error"])
    return answer["ok"]
