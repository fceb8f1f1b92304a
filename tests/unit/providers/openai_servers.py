"""Servers for `provider-openai`: llama.cpp's own with the real model, and one that does what a test wants."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from build_steps.models import catalogue, model_file

KEY = "sk-of-this-test"
MODEL = "smollm2"


class LlamaServer:
    """llama.cpp's server in a process of its own; it asks for `KEY` and calls its model `MODEL`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._process = process
        self.url = process.stdout.readline().strip()
        assert self.url.startswith("http://"), "the server did not start"

    @property
    def busy(self) -> bool:
        """Whether its slot computes."""
        asked = urllib.request.Request(f"{self.url}/slots", headers={"Authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return any(slot["is_processing"] for slot in json.load(answer))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def llama_server() -> Iterator[LlamaServer]:
    """A server of one's own, with 1024 tokens of context and one slot."""
    (spec,) = [model for model in catalogue() if model["id"] == "smollm2-135m-instruct"]
    script = Path(__file__).with_name("gguf_server.py")
    command = [sys.executable, str(script), str(model_file(spec, 0)), KEY, MODEL]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield LlamaServer(process)
        finally:
            process.kill()


Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class FakeServer:
    """Answers one request after the other with `answers`; the last one is used again."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[Answer] = []
        self.requests: list[tuple[str, dict[str, str], str]] = []
        """What was asked: request line, headers, body."""
        self.times: list[float] = []
        self.gone = 0
        """Connections that the client ended."""

    def say(self, status: str, body: str = "", **headers: str) -> None:
        """The next answer."""
        length = len(body.encode())
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = "\r\n".join([f"HTTP/1.1 {status}", *lines, f"Content-Length: {length}", "Connection: close"])

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(f"{head}\r\n\r\n{body}".encode())

        self.answers.append(answer)

    def stream(self, *pieces: bytes, hang: bool = False) -> None:
        """The next answer, its pieces as they are; the connection is then ended, or left to hang."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            if hang:
                await asyncio.sleep(60)

        self.answers.append(answer)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
        body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        if line.startswith("GET"):  # what is tested is the completion
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"data": [{"id": "m"}]}')
        else:
            self.requests.append((line, headers, body))
            self.times.append(asyncio.get_running_loop().time())
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            talking = asyncio.ensure_future(answer(writer))
            left = asyncio.ensure_future(reader.read())
            await asyncio.wait({talking, left}, return_when=asyncio.FIRST_COMPLETED)
            self.gone += not talking.done()
            for task in (talking, left):
                task.cancel()
        writer.close()
