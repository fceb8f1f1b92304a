"""A server of a person's that says what a test wants: texts, calls of tools, refusals, names of models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local_server import ChatHandler, serving

Json = dict[str, Any]


@dataclass
class TalkingServer:
    """
    `reply` is given the messages of a request and gives a text, the calls of tools as [(name, arguments)],
    or a refusal as a dict, which is sent with status 400.
    """

    reply: Callable[[list[Json]], str | list[tuple[str, str]] | Json]
    models: list[str] = field(default_factory=list[str])
    # Answered with a redirect to here instead, if it is set.
    sends_to: str = ""
    url: str = ""


@contextmanager
def talking(server: TalkingServer) -> Iterator[TalkingServer]:
    class Handler(ChatHandler):
        def on_models(self) -> None:
            if not self._sent_on():
                self.answer_json({"data": [{"id": name} for name in server.models]})

        def on_chat(self, request: dict[str, Any]) -> None:
            if self._sent_on():
                return
            reply = server.reply(request["messages"])
            if isinstance(reply, dict):
                self.answer_json(reply, 400)
                return
            self.start(200, "text/event-stream")
            if isinstance(reply, str):
                for start in range(0, len(reply), 40):
                    self.send_delta({"content": reply[start : start + 40]})
            else:
                for index, (name, arguments) in enumerate(reply):
                    function = {"name": name, "arguments": arguments}
                    call = {"index": index, "id": f"c{index}", "function": function}
                    self.send_delta({"tool_calls": [call]})
            self.end_stream("stop" if isinstance(reply, str) else "tool_calls")

        def _sent_on(self) -> bool:
            if server.sends_to:
                self.send_response(307)
                self.send_header("Location", server.sends_to)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()
            return bool(server.sends_to)

    with serving(Handler) as url:
        server.url = f"{url}v1"
        yield server
