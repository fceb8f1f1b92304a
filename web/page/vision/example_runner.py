"""Runs an example in a namespace of its own; what it prints is kept, and it can be stopped."""

import asyncio
import contextlib
import io
import traceback

from pyodide.code import eval_code_async

_MOST = 20_000


class _Output(io.StringIO):
    stopped = False

    def write(self, text: str) -> int:
        # A call that Python waits for cannot be cancelled; the next line that the example prints ends it.
        if self.stopped:
            raise asyncio.CancelledError
        return super().write(text) if self.tell() < _MOST else len(text)


class ExampleRunner:
    """Of one run. It may be stopped before it has begun."""

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._output = _Output()

    async def run(self, source: str) -> dict[str, object]:
        """What was printed, the last expression's text, and how it ended."""
        if self._output.stopped:
            return {"output": "", "ended": "stopped", "why": ""}
        with contextlib.redirect_stdout(self._output):
            self._task = asyncio.ensure_future(eval_code_async(source, {"__name__": "__main__"}))
            try:
                value = await self._task
            except asyncio.CancelledError:
                return {"output": self.output(), "ended": "stopped", "why": ""}
            except Exception as error:
                last = traceback.format_exception_only(error)[-1].strip()
                return {"output": self.output(), "ended": "failed", "why": last}
            finally:
                self._task = None
        shown = "" if value is None else f"{value}\n"
        return {"output": self.output() + shown, "ended": "done", "why": ""}

    def output(self) -> str:
        return self._output.getvalue()

    def stop(self) -> None:
        self._output.stopped = True
        if self._task:
            self._task.cancel()
