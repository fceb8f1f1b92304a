"""Recordings for the fake microphone."""

from __future__ import annotations

import wave
from array import array
from pathlib import Path
from random import Random

from browsers import CHROMIUM_FLAGS, ROOT

RATE = 16_000
# "It was the best of times, it was the worst of times."
CLIP = ROOT / "tests" / "unit" / "ts" / "activity" / "times.wav"


def quiet(seconds: float) -> bytes:
    """A quiet room: a microphone that hears nothing at all counts as one that is switched off."""
    random = Random(1)
    return array("h", (random.randint(-2, 2) for _ in range(int(RATE * seconds)))).tobytes()


def write_speech(path: Path, pauses: tuple[float, ...] = (1,)) -> None:
    """The clip after each of so many quiet seconds, then two minutes of a quiet room."""
    with wave.open(str(CLIP)) as clip:
        speech = clip.readframes(clip.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for pause in pauses:
            file.writeframes(quiet(pause) + speech)
        file.writeframes(quiet(10) * 12)


def microphone_flags(path: Path) -> list[str]:
    """Of a microphone that plays the file once, and then is silent."""
    return [
        *CHROMIUM_FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={path}%noloop",
        # What a test calls is no click of a person.
        "--autoplay-policy=no-user-gesture-required",
    ]
