"""Recordings for the fake microphone."""

from __future__ import annotations

import wave
from pathlib import Path

from browsers import CHROMIUM_FLAGS, ROOT

RATE = 16_000
# "It was the best of times, it was the worst of times."
CLIP = ROOT / "tests" / "unit" / "ts" / "activity" / "times.wav"


def write_speech(path: Path, pauses: tuple[float, ...] = (1,)) -> None:
    """The clip after each of so many seconds of silence, then nothing for half a minute."""
    with wave.open(str(CLIP)) as clip:
        speech = clip.readframes(clip.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for pause in pauses:
            file.writeframes(bytes(2 * int(RATE * pause)) + speech)
        file.writeframes(bytes(2 * RATE * 30))


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
