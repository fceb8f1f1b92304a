"""llama.cpp on this machine as the one who looks: a process of its own, for when it dies."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from .clients import Client
from .looker import LOOK_SECONDS, LookFailedError

_LOAD_SECONDS = 120.0
_ROOT = Path(__file__).resolve().parents[1]


class NativeLooker:
    """Answers with a model and its projector, two GGUF files. A process that died is started again."""

    def __init__(
        self,
        model: Path,
        projector: Path,
        prompt: str,
        max_tokens: int,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._files = model, projector
        self._prompt = prompt
        self._max_tokens = max_tokens
        self._look_seconds = look_seconds
        self._key = secrets.token_urlsafe(24)
        self._url = ""
        self.process: asyncio.subprocess.Process | None = None

    async def ready(self) -> None:
        """It looks whenever it is asked to."""

    async def start(self) -> None:
        """Loads the model, unless it is loaded. Raises LookFailedError where that cannot be done."""
        if self.process and self.process.returncode is None:
            return
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "relay.engine", *map(str, self._files)),
            env={**os.environ, "ALCOVE_ENGINE_KEY": self._key},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
        )
        assert self.process.stdout
        try:
            async with asyncio.timeout(_LOAD_SECONDS):
                self._url = (await self.process.stdout.readline()).decode().strip()
        except TimeoutError:
            self._url = ""
        if not self._url.startswith("http://"):
            await self.stop()
            raise LookFailedError

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def look(self, jpeg: bytes, client: Client) -> str:
        del client
        await self.start()
        try:
            return await asyncio.to_thread(self._ask, jpeg)
        except (urllib.error.HTTPError, ValueError, LookupError, TypeError):
            raise LookFailedError from None  # of this picture
        except OSError:
            await self.stop()  # it died, or may never answer
            raise LookFailedError from None

    def _ask(self, jpeg: bytes) -> str:
        picture = {"url": f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"}
        question = [{"type": "image_url", "image_url": picture}, {"type": "text", "text": self._prompt}]
        body = {
            "messages": [{"role": "user", "content": question}],
            "max_tokens": self._max_tokens,
            "temperature": 0,
        }
        request = urllib.request.Request(
            f"{self._url}/v1/chat/completions",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=self._look_seconds) as answer:
            told: Any = json.load(answer)
        return str(told["choices"][0]["message"]["content"]).strip()
