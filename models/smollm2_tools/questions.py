"""What needs no tool: questions and remarks, for rehearsal; nothing that the bench or the evaluation asks."""

from __future__ import annotations

import random
from pathlib import Path

_WORDS = {
    name: every.split("|")
    for name, every in (
        line.split(": ", 1) for line in Path(__file__).with_suffix(".txt").read_text().splitlines()
    )
}
SYSTEMS = (
    "You are a helpful assistant.",
    "You are a helpful AI assistant named SmolLM, trained by Hugging Face",
    "You answer questions in plain English.",
    "You are a friendly assistant. Answer briefly.",
    "You help people with their daily work.",
    "You are an assistant on a person's own device.",
    "Be brief and kind.",
    "You are a helpful assistant with tools. Call one only where it does what is asked.",
    "You are a careful assistant. Use tools where they help; otherwise answer in plain words.",
    "You are a personal assistant that can act. Most messages need no tool.",
)


def questions(seed: int, count: int) -> list[str]:
    """`count` of them, none twice."""
    draw = random.Random(seed)
    about = [form.format(topic) for topic in _WORDS["topics"] for form in _WORDS["about"]]
    draw.shuffle(about)
    single = _WORDS["single"]
    asked = [*single, *about[: max(0, count - len(single))]]
    draw.shuffle(asked)
    return asked[:count]
