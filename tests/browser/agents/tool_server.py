"""A server whose model calls the tool that the message names: "NAME {arguments}"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local_server import ChatHandler, serving


@contextmanager
def tool_server() -> Iterator[str]:
    """Gives the base URL for Alcove."""

    class Handler(ChatHandler):
        def on_models(self) -> None:
            self.answer_json({"data": [{"id": "caller"}]})

        def on_chat(self, request: dict[str, Any]) -> None:
            last = request["messages"][-1]
            self.start(200, "text/event-stream")
            if last["role"] != "user":
                self.send_delta({"content": "Done."})
                self.end_stream()
                return
            name, _, arguments = last["content"].partition(" ")
            function = {"name": name, "arguments": arguments}
            self.send_delta(
                {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}
            )
            self.end_stream("tool_calls")

    with serving(Handler) as url:
        yield f"{url}v1"


def result_of(events: list[dict[str, Any]]) -> Any:
    """What the last tool of a turn gave."""
    result = [event for event in events if event["type"] == "tool" and event["phase"] == "end"][-1]["result"]
    try:
        return json.loads(result) if isinstance(result, str) else result
    except ValueError:
        return result
