"""Ears and a voice for Python code: the models of this tab that hear and speak.

text = await transcribe("interview.mp3")
Path("answer.wav").write_bytes(await speak("It is ready."))
"""

from __future__ import annotations

import base64
from os import PathLike

from providers.json_types import Json
from py_app import bridge
from py_app.bridge import Host
from py_app.home.given_file import read
from py_app.session import needed_host

_LACKS = "no ears and no voice"


async def transcribe(
    audio: str | PathLike[str] | bytes, *, language: str | None = None, host: Host | None = None
) -> str:
    """What is said in a sound or video file: its path, or its bytes. Empty where nobody speaks.

    `language` is a code ("en"); left out, a model of many finds it out. `host` is the page; without it the
    page of this worker. Raises AlcoveError: `unsupported` without a page and for a language that no model
    hears, `bad-request` for a file that is not there or that is no sound, and whatever the model fails with.
    """
    request: Json = {"audio": base64.b64encode(read(audio, "recording")).decode()}
    if language is not None:
        request["language"] = language
    return (await bridge.hear(needed_host(host, _LACKS), request))["text"]


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
    return base64.b64decode((await bridge.say(needed_host(host, _LACKS), request))["audio"])
