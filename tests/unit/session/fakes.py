"""A scripted host: the engine and the page, as Python sees them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

USAGE = {
    "prompt_tokens": 12,
    "completion_tokens": 3,
    "total_tokens": 15,
    "prompt_tokens_details": {"cached_tokens": 5},
    "ttft_ms": 40.0,
    "prefill_tokens_per_second": 300.0,
    "decode_tokens_per_second": 25.0,
}

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
"""One pixel, as base64."""
PICTURE = {"media_type": "image/png", "data": PNG}


def chunk(text: str = "", **delta: Any) -> str:
    choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": None}
    return json.dumps({"id": "c", "object": "chat.completion.chunk", "model": "tiny", "choices": [choice]})


def completion(text: str = "", calls: list[dict[str, Any]] | None = None, reason: str | None = None) -> str:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if calls:
        message["tool_calls"] = calls
    reason = reason or ("tool_calls" if calls else "stop")
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return json.dumps({"id": "c", "model": "tiny", "choices": [choice], "usage": USAGE})


def call(name: str, arguments: Any = None, call_id: str = "call_1") -> dict[str, Any]:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": text}}


Script = Callable[["Running"], Awaitable[str]]


class Running:
    """One completion as a script sees it."""

    def __init__(self, request: dict[str, Any], on_chunk: Callable[[str], None]) -> None:
        self.request = request
        self.on_chunk = on_chunk
        self.stop = asyncio.Event()
        self.said: list[str] = []

    async def say(self, *words: str) -> None:
        for word in words:
            self.said.append(word)
            self.on_chunk(chunk(word))
            await asyncio.sleep(0)

    async def until_cancelled(self) -> str:
        await self.stop.wait()
        return completion("".join(self.said), reason="cancelled")


def answer(*words: str) -> Script:
    """Streams `words` and ends."""

    async def script(running: Running) -> str:
        await running.say(*words)
        return completion("".join(words))

    return script


def calls(*tool_calls: dict[str, Any], text: str = "") -> Script:
    async def script(running: Running) -> str:
        if text:
            await running.say(text)
        return completion(text, list(tool_calls))

    return script


def fails(code: str, *words: str) -> Script:
    """Streams `words`, then fails."""

    async def script(running: Running) -> str:
        await running.say(*words)
        return json.dumps({"error": {"code": code, "message": f"It was {code}.", "action": "Do something."}})

    return script


def hangs(*words: str) -> Script:
    """Streams `words`, then waits to be cancelled."""

    async def script(running: Running) -> str:
        await running.say(*words)
        return await running.until_cancelled()

    return script


def unmarked(message: dict[str, Any]) -> dict[str, Any]:
    """A message as the context holds it."""
    about = {key: value for key, value in message["metadata"].items() if key not in ("time", "usage")}
    rest = {key: value for key, value in message.items() if key != "metadata"}
    return {**rest, "metadata": about} if about else rest


class FakeHost:
    """`py_app.bridge.Host` with one script a completion; the last one is used again."""

    def __init__(self, *scripts: Script, context: int = 2048) -> None:
        self.scripts = list(scripts) or [answer("Hello", " there", ".")]
        self.requests: list[dict[str, Any]] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.records: list[dict[str, Any]] = []
        """The transcript as the page has kept it, after each save."""
        self.deltas: list[dict[str, Any]] = []
        self.kept: list[dict[str, Any]] = []
        self.marked: list[dict[str, Any]] = []
        """What is kept with the time of each message and what it cost, which most tests do not look at."""
        self.tool_calls: list[tuple[str, str, dict[str, Any]]] = []
        self.tool: Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]] = self._echo
        self.running: dict[str, Running] = {}
        self.cancelled: list[str] = []
        self.context = context
        self.save_error: Exception | None = None
        self.sees = False
        self.seen: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.eye: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]] = self._look
        self.on_event: Callable[[dict[str, Any]], None] = lambda event: None

    def emit(self, session_id: str, event_json: str) -> None:
        event = json.loads(event_json)
        self.events.append((session_id, event))
        self.on_event(event)

    async def save(self, session_id: str, delta_json: str) -> None:
        if self.save_error:
            raise self.save_error
        delta = json.loads(delta_json)
        self.marked = [*self.marked[: delta["from"]], *delta["messages"]]
        delta["messages"] = [unmarked(message) for message in delta["messages"]]
        self.deltas.append(delta)
        self.kept = [*self.kept[: delta["from"]], *delta["messages"]]
        self.records.append({**delta, "messages": self.kept})

    async def _echo(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": {"called": name, **arguments}}

    async def call_tool(self, session_id: str, call_id: str, name: str, input_json: str) -> str:
        arguments = json.loads(input_json)
        self.tool_calls.append((call_id, name, arguments))
        return json.dumps(await self.tool(name, arguments))

    async def _look(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"ok": {"text": f"view {len(self.seen)}", "model": "tiny-eye"}}

    async def see(self, request_json: str) -> str:
        self.seen.append(json.loads(request_json))
        return json.dumps(await self.eye(self.seen[-1]))

    async def capture(self, request_json: str) -> str:
        request = json.loads(request_json)
        if request["source"] == "screen":
            error = {"code": "unsupported", "message": "No screen was chosen.", "action": "Choose one."}
            return json.dumps({"error": error})
        return json.dumps({"ok": {"media_type": "image/png", "data": PNG}})

    async def hear(self, request_json: str) -> str:
        self.heard.append(json.loads(request_json))
        return json.dumps({"ok": {"text": "Good morning.", "seconds": 1.5, "language": "en"}})

    async def say(self, request_json: str) -> str:
        self.said.append(json.loads(request_json))
        audio = "" if self.said[-1]["aloud"] else "UklGRg=="
        return json.dumps({"ok": {"audio": audio, "seconds": 2.04}})

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        request = json.loads(request_json)
        self.requests.append(request)
        running = self.running[request["id"]] = Running(request, on_chunk)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        try:
            return await script(running)
        finally:
            del self.running[request["id"]]

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)
        if request_id in self.running:
            self.running[request_id].stop.set()

    async def list_models(self) -> str:
        model = {"id": "tiny", "name": "Tiny", "context": self.context, "sees": self.sees}
        return json.dumps({"models": [model], "loaded": model})

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [event for _, event in self.events if event["type"] == kind]

    @property
    def text(self) -> str:
        return "".join(event["text"] for event in self.of_type("text"))


def result_of(host: FakeHost, request: int = 1) -> str:
    """What the model was told about its last tool call."""
    message = host.requests[request]["messages"][-1]
    assert message["role"] == "tool"
    return message["content"]


TOOL = {
    "name": "add",
    "description": "Adds two numbers.",
    "inputSchema": {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    },
    "sideEffects": False,
}


class Client:
    """The App as JavaScript uses it, with one session "s"."""

    def __init__(self, app: Any, host: FakeHost) -> None:
        self.app = app
        self.host = host

    @classmethod
    async def open(cls, host: FakeHost, **config: Any) -> Client:
        from py_app.app import start

        client = cls(start(host), host)
        answer = await client.opened(**config)
        assert "ok" in answer, answer
        return client

    async def opened(self, **config: Any) -> dict[str, Any]:
        config = {"id": "s", "provider": "llamacpp", "model": "tiny", "approvals": "ask", **config}
        return json.loads(await self.app.open(json.dumps(config)))

    async def send(self, text: str, *images: dict[str, Any], **rest: Any) -> dict[str, Any]:
        return json.loads(await self.app.send("s", json.dumps({"text": text, "images": images, **rest})))

    async def call(self, method: str, *args: Any) -> Any:
        return json.loads(await getattr(self.app, method)("s", *args))

    async def history(self) -> list[dict[str, Any]]:
        return (await self.call("history"))["ok"]


async def until(condition: Callable[[], Any], seconds: float = 2.0) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # any condition, not one event
            await asyncio.sleep(0.002)


def whole_calls(messages: list[dict[str, Any]]) -> None:
    """Every call has its result, right after it, and every result its call."""
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            assert message["tool_call_id"] in waiting, messages
            waiting.remove(message["tool_call_id"])
            continue
        assert not waiting, messages
        waiting = [one["id"] for one in message.get("tool_calls") or []]
    assert not waiting, messages
