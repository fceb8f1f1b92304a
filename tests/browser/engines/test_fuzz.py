"""
Damaged model files: seeded mutations of a small model and of its projector. Each is a typed error or a model
that works, in bounded time, and after all of them the engine still does what it should.

`ALCOVE_MUTATIONS=300` tries so many; the suite tries the first of them.
"""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import pytest
from hub import Hub
from llamacpp import load, open_engine
from looking import look, pixels, publish
from PIL import Image
from playwright.sync_api import BrowserContext
from programs import programs_of, site_that_runs
from vision_models import MLP, model_entry, write_pair

SEED = 20_261_122
# All of them on the program that most browsers run, a part of them on each of the others.
MOST = int(os.environ.get("ALCOVE_MUTATIONS", "90"))
MUTATIONS = {"relaxed": MOST, "simd": MOST // 6, "single": MOST // 6}
# Two in three change the model, the others its projector.
PROJECTORS = 3
HUGE = (0, 1, 0xFF, 0x7FFF, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 1 << 40)
LONGEST_MS = 60_000


def _flip(chance: random.Random, data: bytearray, head: int) -> None:
    """A few bits, most of them where names and numbers are."""
    for _ in range(chance.randint(1, 12)):
        end = head if chance.random() < 0.8 else len(data)
        data[chance.randrange(end)] ^= 1 << chance.randrange(8)


def _cut(chance: random.Random, data: bytearray, head: int) -> None:
    del data[chance.randrange(head if chance.random() < 0.5 else len(data)) :]


def _count(chance: random.Random, data: bytearray, head: int) -> None:
    """A number of eight bytes that is far too large or too small."""
    at = chance.choice((8, 16, chance.randrange(head - 8)))
    struct.pack_into("<Q", data, at, chance.choice(HUGE))


def _repeat(chance: random.Random, data: bytearray, head: int) -> None:
    """A piece of the head again elsewhere in it: names that are twice, tensors that lie upon one another."""
    size = chance.choice((1, 4, 8, 24, 64))
    a, b = (chance.randrange(head - size) for _ in range(2))
    data[a : a + size] = data[b : b + size]


def _lose(chance: random.Random, data: bytearray, head: int) -> None:
    """A piece of the head that is not there, so that everything after it lies elsewhere."""
    start = chance.randrange(24, head)
    del data[start : start + chance.randint(1, 40)]


KINDS: tuple[Callable[[random.Random, bytearray, int], None], ...] = (_flip, _cut, _count, _repeat, _lose)


def mutation(number: int, content: bytes, head: int) -> tuple[str, bytes]:
    chance = random.Random(f"{SEED} {number}")
    kind = chance.choice(KINDS)
    data = bytearray(content)
    kind(chance, data, head)
    return kind.__name__, bytes(data) or b"\0"


@pytest.mark.parametrize("program", MUTATIONS)
def test_damaged_files(newcomer: BrowserContext, tmp_path: Path, program: str) -> None:
    picture = pixels(Image.effect_noise((96, 96), 90))
    with site_that_runs(program, tmp_path) as server, Hub() as hub:
        page = open_engine(newcomer, server)
        fetched = programs_of(newcomer)
        whole = write_pair(tmp_path, "whole", MLP)
        good = model_entry("whole", publish(hub, whole), MLP)
        assert load(page, good)["error"] is None
        right = look(page, picture, max_tokens=8)["text"]
        codes: dict[str, int] = {}
        assert set(fetched) == {program}
        for number in range(MUTATIONS[program]):
            which = 1 if number % PROJECTORS == 0 else 0
            kind, content = mutation(number, whole[which].read_bytes(), _head(whole[which]))
            damaged = [*whole]
            damaged[which] = tmp_path / f"damaged-{which}.gguf"
            damaged[which].write_bytes(content)
            model = model_entry(f"damaged-{number}", publish(hub, damaged), MLP)
            began = page.evaluate("performance.now()")
            error: dict[str, Any] | None = load(page, model)["error"]
            if error is None:
                error = look(page, picture, max_tokens=8)["error"]
            took = page.evaluate("performance.now()") - began
            code = error["code"] if error else "works"
            codes[code] = codes.get(code, 0) + 1
            where = f"mutation {number} ({kind}): {error}, {took:.0f} ms"
            assert code in {"works", "model-invalid", "out-of-memory", "engine-crashed"}, where
            assert took < LONGEST_MS, where
        print(codes)
        assert codes.keys() >= {"works", "model-invalid"}, "the damage is all of one kind"
        assert load(page, good)["error"] is None
        assert look(page, picture, max_tokens=8)["text"] == right


def _head(path: Path) -> int:
    """Where the tensors begin, more or less: all that comes before is numbers and names."""
    return min(int(tensor.data_offset) for tensor in gguf.GGUFReader(path).tensors)
