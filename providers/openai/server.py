"""An OpenAI-compatible server as an `Engine`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import cast

from amplifier_core.llm_errors import LLMError

from providers.json_types import Json
from providers.openai.failures import LONGEST_WAIT, Failures, error_in
from providers.openai.leniency import Leniency
from providers.openai.models import listed, unknown_to_llama_server
from providers.openai.pace import Pace
from providers.openai.response import Response, TransportError
from providers.openai.settings import ServerSettings
from providers.openai.sse import events
from providers.openai.transport import request
from providers.wire import first_choice

_LIST_SECONDS = 20.0
_LAST_SECONDS = 3.0
"""For what comes after an answer's end: what it took."""
_MOST_ERROR_BYTES = 65_536
_MOST_ANSWER_BYTES = 32 << 20


class Server:
    """Tries nothing twice: the loop does, for errors that say so.

    It keeps the pause that the server asked for, which the loop's own may fall short of, and leaves out what
    the server refused by name.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._failures = Failures(settings)
        self._leniency = Leniency()
        self._running: dict[str, asyncio.Task[str]] = {}
        self._models: list[Json] | None = None
        self._not_before = 0.0

    async def complete(self, request_json: str, on_chunk: Callable[[str], None]) -> str:
        """Stream one completion; "" when its chunks were all, or JSON from a server that does not stream."""
        body: Json = json.loads(request_json)
        request_id = body.pop("id")
        work = self._running[request_id] = asyncio.ensure_future(self._complete(body, on_chunk))
        try:
            await asyncio.wait({work})
        finally:
            del self._running[request_id]
            work.cancel()
        return "" if work.cancelled() else work.result()

    def cancel(self, request_id: str) -> None:
        """Ends the connection, at which a server stops."""
        if (work := self._running.get(request_id)) is not None:
            work.cancel()

    async def list_models(self) -> str:
        """The models of GET /models; `loaded` is the configured one, else the first."""
        specs = listed(await self._list(), self._settings)
        wanted = self._settings.model
        loaded = next((spec for spec in specs if wanted in (None, spec["id"])), None)
        return json.dumps({"models": specs, "loaded": loaded})

    async def _list(self) -> list[Json]:
        try:
            async with asyncio.timeout(_LIST_SECONDS), self._exchange("GET", "/models") as response:
                body = await _text(response, _MOST_ANSWER_BYTES)
        except TimeoutError:
            raise self._failures.transport(TransportError("slow", "GET /models")) from None
        try:
            parsed: object = json.loads(body)
            entries: object = cast(Json, parsed)["data"] if isinstance(parsed, dict) else parsed
            named = (cast(Json, entry) for entry in cast(list[object], entries) if isinstance(entry, dict))
            self._models = [entry for entry in named if isinstance(entry.get("id"), str)]
        except (ValueError, KeyError, TypeError) as error:
            raise self._failures.no_api(f"GET /models: {error!r} in {body[:200]!r}") from None
        return self._models

    async def _complete(self, body: Json, on_chunk: Callable[[str], None]) -> str:
        await self._check_model(body.get("model"))
        if (pause := self._not_before - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        heard = False

        def hear(chunk: str) -> None:
            nonlocal heard
            heard = True
            on_chunk(chunk)

        while True:
            try:
                return await self._ask(body, hear)
            except LLMError as error:
                if heard or not self._leniency.learns(error, body):
                    raise

    async def _ask(self, body: Json, on_chunk: Callable[[str], None]) -> str:
        pace = Pace()
        async with self._exchange("POST", "/chat/completions", self._payload(body)) as response:
            if "json" in response.headers.get("content-type", ""):
                return self._whole(await _text(response, _MOST_ANSWER_BYTES), body.get("model"))
            finished, kind = False, response.headers.get("content-type", "")
            heard = "event-stream" in kind
            try:
                async with asyncio.timeout(None) as patience:
                    async for data in events(response.chunks):
                        heard = True  # some servers, and proxies, call a stream something else
                        if data.strip() == "[DONE]":
                            return ""
                        chunk = self._chunk(data, body.get("model"))
                        on_chunk(json.dumps(pace.measure(chunk)))
                        if not finished and _ends(chunk):
                            finished = True
                            patience.reschedule(asyncio.get_running_loop().time() + _LAST_SECONDS)
            except TimeoutError:  # it said how the answer ended, and leaves the line open
                return ""
            if not heard:
                raise self._failures.no_api(f"content-type {kind}")
            if not finished:
                raise self._failures.cut_off()
        return ""

    async def _check_model(self, model: str | None) -> None:
        """llama-server answers with the model that it has, whatever is asked for: that must not go unseen."""
        if self._models is None:
            try:
                await self._list()
            except LLMError:  # the completion itself will say what is wrong, if anything is
                self._models = []
        if model and unknown_to_llama_server(model, self._models or []):
            raise self._failures.no_model(model)

    def _payload(self, body: Json) -> str:
        sent: Json = {**self._leniency.fitted(body), "stream": True}
        if isinstance(choice := sent.get("tool_choice"), dict):
            # llama-server knows words only, and takes "auto" for anything else.
            name = cast(Json, choice)["function"]["name"]
            tools = cast(list[Json], sent["tools"])
            sent["tools"] = [tool for tool in tools if tool["function"]["name"] == name]
            sent["tool_choice"] = "required"
        if "max_tokens" in sent and (self._settings.is_openai or self._leniency.renames_limit):
            sent["max_completion_tokens"] = sent.pop("max_tokens")
        return json.dumps(sent)

    def _whole(self, text: str, model: str | None) -> str:
        with contextlib.suppress(ValueError):
            answer: object = json.loads(text)
            if isinstance(answer, dict) and "choices" in answer:
                return text
            if error := error_in(cast(object, answer)):
                raise self._failures.streamed(error, model=model)
        raise self._failures.no_api(text)

    def _chunk(self, data: str, model: str | None) -> Json:
        try:
            chunk: object = json.loads(data)
        except ValueError:
            chunk = None
        if error := error_in(cast(object, chunk)):
            raise self._failures.streamed(error, model=model)
        if not isinstance(chunk, dict):
            raise self._failures.no_api(f"no chunk: {data[:200]!r}")
        return cast(Json, chunk)

    @asynccontextmanager
    async def _exchange(self, method: str, path: str, body: str | None = None) -> AsyncGenerator[Response]:
        """A response with status 200; anything else is raised as the LLMError that it means."""
        try:
            async with request(method, self._settings.base + path, self._settings.headers, body) as response:
                if response.status != 200:
                    model = json.loads(body).get("model") if body else None
                    raise await self._refusal(response, model)
                yield response
        except TransportError as error:
            raise self._failures.transport(error) from None

    async def _refusal(self, response: Response, model: str | None) -> LLMError:
        text = await _text(response, _MOST_ERROR_BYTES)
        error = self._failures.response(response.status, response.headers, text, model=model)
        if error.retry_after is not None and error.retry_after <= LONGEST_WAIT:
            self._not_before = time.monotonic() + error.retry_after
        return error


def _ends(chunk: Json) -> bool:
    return any(choice.get("finish_reason") for choice in first_choice(chunk.get("choices")))


async def _text(response: Response, most: int) -> str:
    """The body, cut off after `most` bytes."""
    got = bytearray()
    async for chunk in response.chunks:
        got += chunk
        if len(got) > most:
            break
    return got[:most].decode(errors="replace")
