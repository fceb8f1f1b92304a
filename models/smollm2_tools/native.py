"""llama.cpp itself, for rehearsal and evaluation: the server of xllamacpp, in this process."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

_LONGEST_S = 900


class NativeServer:
    """A model that answers OpenAI's requests; `template` takes the place of its own.

    One thread unless more are told: on a shared machine two wait for each other at every step.
    """

    def __init__(
        self, model: Path, *, slots: int = 1, context: int = 1536, threads: int = 1, template: str = ""
    ) -> None:
        import xllamacpp

        params: Any = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.n_ctx = context * slots
        params.n_parallel = slots
        params.use_jinja = True
        if template:
            params.chat_template = template
        params.warmup = False
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        params.cpuparams.poll = 0  # the machine has other work
        self._server: Any = xllamacpp.Server(params)
        self._url: str = self._server.listening_address

    def __enter__(self) -> NativeServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server = None

    def chat(self, messages: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
        """{text, calls: [{name, arguments}], finish} of one reply, at temperature 0."""
        body = {"messages": messages, "temperature": 0, **settings}
        (choice,) = self.post("/v1/chat/completions", body)["choices"]
        message = choice["message"]
        calls = [call["function"] for call in message.get("tool_calls") or []]
        return {"text": message.get("content") or "", "calls": calls, "finish": choice["finish_reason"]}

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What the server says to `body`. Raises RuntimeError with its words where it refuses."""
        content = {"content-type": "application/json"}
        request = urllib.request.Request(self._url + path, json.dumps(body).encode(), content)
        try:
            with urllib.request.urlopen(request, timeout=_LONGEST_S) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error
