"""What a client sends, read as a JPEG: every spelling that clients use, and everything that is none."""

from __future__ import annotations

import base64
import json
import random

import pytest
from relaying import frame, jpeg

from relay.frames import UnreadableFrameError, read_frame

PICTURE = jpeg()
TEXT = base64.b64encode(PICTURE).decode()


@pytest.mark.parametrize(
    "message",
    [
        frame(PICTURE),
        json.dumps({"frame": TEXT}),
        json.dumps({"frame": f"data:image/jpeg;base64,{TEXT}", "timestamp": None, "more": [1]}),
        json.dumps(TEXT),
        TEXT,
        f"data:image/jpeg;base64,{TEXT}",
        f"\n{base64.encodebytes(PICTURE).decode()}\n",
        base64.b64encode(PICTURE + b"\0" * 16).decode(),
    ],
    ids=[
        "as ViLA has it",
        "no time",
        "a data URL",
        "a JSON text",
        "bare",
        "a bare data URL",
        "lines",
        "a tail",
    ],
)
def test_every_spelling_of_a_frame_is_read(message: str) -> None:
    assert read_frame(message).startswith(PICTURE)


def _with_size(width: int, height: int) -> bytes:
    """A small file that claims to be a large picture."""
    at = PICTURE.index(b"\xff\xc0") + 5
    return PICTURE[:at] + height.to_bytes(2) + width.to_bytes(2) + PICTURE[at + 4 :]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (PICTURE, "a binary message"),
        (frame(PICTURE).encode(), "a binary message"),
        ("", "no JPEG"),
        ("{", "broken JSON"),
        ("[" * 100_000, "broken JSON"),
        ("[]", 'without a "frame"'),
        ("{}", 'without a "frame"'),
        ('{"frame": 7}', 'without a "frame"'),
        ('{"frame": null}', 'without a "frame"'),
        ('{"frame": "%%%"}', "no base64"),
        ('{"frame": "é"}', "no base64"),
        ('{"frame": "AAA"}', "no base64"),
        ('{"frame": ""}', "no JPEG"),
        (frame(b"\x89PNG\r\n\x1a\n" + b"\0" * 64), "no JPEG"),
        (frame(PICTURE[:-40]), "cut off"),
        (frame(PICTURE[:40]), "without a size"),
        (frame(b"\xff\xd8\xff"), "without a size"),
        (frame(b"\xff\xd8" + b"\xff\xfe\x00\x00" * 9), "without a size"),
        (frame(_with_size(65_535, 65_535)), "65535 × 65535"),
        (frame(_with_size(0, 480)), "0 × 480"),
        (frame(_with_size(4097, 4096)), "4097 × 4096"),
    ],
)
def test_whatever_is_no_picture_is_refused(message: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableFrameError, match=why):
        read_frame(message)


def test_the_largest_picture_is_read() -> None:
    assert read_frame(frame(_with_size(4096, 4096)))


def test_bytes_of_chance_are_refused_or_read_and_never_worse() -> None:
    chance = random.Random(18)
    for _ in range(3000):
        data = bytearray(PICTURE[: chance.randrange(1, len(PICTURE) + 1)])
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_frame(frame(bytes(data)))
        except UnreadableFrameError:
            continue
