"""Ears and a voice for Python code: the models of this tab that hear and speak.

text = await transcribe("interview.mp3")
Path("answer.wav").write_bytes(await speak("It is ready."))
"""

from __future__ import annotations

import base64
from os import PathLike
from pathlib import Path

from providers.json_types import Json
from py_app import bridge
from py_app.bridge import Host
from py_app.errors import AlcoveError
from py_app.session import default_host


async def transcribe(
    audio: str | PathLike[str] | bytes, *, language: str | None = None, host: Host | None = None
) -> str:
    """What is said in a sound or video file: its path, or its bytes. Empty where nobody speaks.

    `language` is a code ("en"); left out, a model of many finds it out. `host` is the page; without it the
    page of this worker. Raises AlcoveError: `unsupported` without a page and for a language that no model
    hears, `bad-request` for a file that is not there or that is no sound, and whatever the model fails with.
    """
    request: Json = {"audio": base64.b64encode(_read(audio)).decode()}
    if language is not None:
        request["language"] = language
    return (await bridge.hear(_page(host), request))["text"]


async def speak(
    text: str, *, voice: str | None = None, rate: float | None = None, host: Host | None = None
) -> bytes:
    """`text` as sound: a WAV file, empty where there is nothing to say.

    `voice` is one of the page's (`alcove.voices()`), `rate` from 0.5 to 2. Raises AlcoveError: `unsupported`
    without a page, `bad-request`, and whatever the voice fails with.
    """
    request: Json = {"text": text, "aloud": False}
    if voice is not None:
        request["voice"] = voice
    if rate is not None:
        request["rate"] = rate
    return base64.b64decode((await bridge.say(_page(host), request))["audio"])


def _page(host: Host | None) -> Host:
    host = host or default_host()
    if host is None:
        raise AlcoveError(
            "unsupported",
            "There is no page here, and so no ears and no voice.",
            action="Run this in Alcove, or give `host=`.",
        )
    return host


def _read(audio: str | PathLike[str] | bytes) -> bytes:
    if isinstance(audio, bytes | bytearray | memoryview):
        return bytes(audio)
    path = Path(audio)
    try:
        return path.read_bytes()
    except OSError as error:
        raise AlcoveError(
            "bad-request",
            f'The file "{path}" cannot be read.',
            action="Write the recording into Python's file system first.",
            detail=str(error),
        ) from None
