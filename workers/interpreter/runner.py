"""Runs code as a notebook runs a cell: names stay, the last expression is the value. Runs inside Pyodide.

`begin(code)` resolves to a `Ran` (protocol.ts) as JSON. What an earlier call left running never runs again.
"""

import ast
import asyncio
import builtins
import inspect
import io
import json
import linecache
import sys
import traceback
from typing import Any

import plot
from _pyodide._importhook import JsFinder
from _pyodide_core import can_run_sync, run_sync

_NAME = "<python>"
_OWN = "<interpreter>"
_MOST_OUTPUT = 20_000
_MOST_FRAMES = 20
_NO_WAY_OUT = (
    "Code here has no access to the page, to JavaScript or to the network. Compute with what is at hand."
)
_OURS = {"matplotlib": plot, "matplotlib.pyplot": plot}
"""What models ask for by habit: the helper has its names."""


class _Output(io.TextIOBase):
    """Both streams, in order of writing. What is too long is counted and not kept."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._kept: list[str] = []
        self._room = _MOST_OUTPUT
        self._lost = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        kept = text[: self._room]
        self._room -= len(kept)
        self._lost += len(text) - len(kept)
        if kept:
            self._kept.append(kept)
        return len(text)

    def read_all(self) -> str:
        said = "".join(self._kept)
        return f"{said}\n… {self._lost:,} more characters were left out." if self._lost else said


_SHUT = ("js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core", "micropip")


class _NoWayOut:
    """Says why the doors to JavaScript are shut, before anybody else looks for them."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] in _SHUT:
            raise ImportError(_NO_WAY_OUT, name=name)


def _run(main: Any, **_: Any) -> Any:
    """For asyncio.run: a loop runs already."""
    if can_run_sync():
        return run_sync(main)
    main.close()
    raise RuntimeError("asyncio.run() cannot wait here: write `await main()` at the top level instead.")


def _shut_doors() -> None:
    for finder in sys.meta_path:
        if isinstance(finder, JsFinder):
            finder.jsproxies.clear()
    sys.meta_path.insert(0, _NoWayOut())
    for name in list(sys.modules):
        if name.partition(".")[0] in _SHUT:
            del sys.modules[name]


def _keep_to_one_call(loop: Any) -> Any:
    """Lets callbacks run only in the call that scheduled them. Returns what ends a call."""
    call_later = loop.call_later
    number = 0

    def guarded(delay: float, callback: Any, *args: Any, context: Any = None) -> Any:
        scheduled = number

        def run(*given: Any) -> None:
            if scheduled == number:
                callback(*given)

        return call_later(delay, run, *args, context=context)

    def end() -> None:
        nonlocal number
        number += 1

    loop.call_later = guarded
    loop.set_exception_handler(lambda *_: None)
    return end


def _compiled(code: str) -> tuple[Any, Any]:
    """The statements and the last expression, either of which may be None."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(code, _NAME, "exec", flags | ast.PyCF_ONLY_AST)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    statements = compile(tree, _NAME, "exec", flags) if tree.body else None
    value = compile(ast.Expression(last.value), _NAME, "eval", flags) if last else None
    return statements, value


async def _evaluate(compiled: Any, scope: dict[str, Any]) -> Any:
    result = eval(compiled, scope)  # that is what this is for
    return await result if compiled.co_flags & inspect.CO_COROUTINE else result


def _told(error: BaseException) -> str:
    """The traceback, less what is ours of it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != _NAME:
        trace = trace.tb_next
    told = traceback.TracebackException(type(error), error, trace, limit=-_MOST_FRAMES)
    told.stack[:] = [frame for frame in told.stack if frame.filename != _OWN]
    return "".join(told.format())[-_MOST_OUTPUT:].rstrip()


def _shown(value: object) -> str | None:
    if value is None:
        return None
    text = repr(value)
    if len(text) <= _MOST_OUTPUT:
        return text
    return f"{text[:_MOST_OUTPUT]}… {len(text) - _MOST_OUTPUT:,} more characters were left out."


class _Interpreter:
    def __init__(self) -> None:
        self._scope: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        self._output = _Output()
        self._end = _keep_to_one_call(asyncio.get_event_loop())
        sys.stdout = sys.stderr = self._output
        sys.stdin = io.StringIO()
        sys.argv = [_NAME]

    def begin(self, code: str) -> Any:
        self._end()
        self._output.reset()
        plot.clear()
        return asyncio.ensure_future(self._run(code))

    async def _run(self, code: str) -> str:
        value, error, exhausted = None, None, False
        lines = code.splitlines(keepends=True)
        linecache.cache[_NAME] = (len(code), None, lines, _NAME)
        try:
            statements, last = _compiled(code)
            if statements:
                await _evaluate(statements, self._scope)
            if last:
                value = self._scope["_"] = await _evaluate(last, self._scope)
            value = _shown(value)
        except SystemExit as leaving:
            value = None
            self._output.write(f"\nThe code ended itself with {leaving.code!r}." if leaving.code else "")
        except MemoryError:
            value, error, exhausted = None, "MemoryError", True
        except BaseException as raised:
            value, error = None, _told(raised)
        finally:
            self._end()
        figures = plot.drawn()
        ran = {"output": self._output.read_all(), "value": value, "error": error}
        return json.dumps({**ran, "exhausted": exhausted, "figures": figures})


_shut_doors()
asyncio.run = _run
sys.modules.update(_OURS)
begin = _Interpreter().begin
