"""Models that hear, from what their authors publish to what our engine reads."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path

import pytest

from build_steps.base import BuildError
from build_steps.speech import models
from build_steps.speech.gguf import F32, Q8_0, Tensor, gguf
from build_steps.speech.moonshine import moonshine
from build_steps.speech.quantised import q8_0, q8_0_of_f16
from build_steps.speech.silero import silero
from build_steps.webllm.gguf import GgufFile


def weights(tensor_data: bytes) -> list[float]:
    """What Q8_0 says."""
    return [scale * each for scale, *block in struct.iter_unpack("<e32b", tensor_data) for each in block]


def test_a_gguf_that_is_written_can_be_read(tmp_path: Path) -> None:
    content = gguf(
        {"name": "ä", "count": 7, "share": 0.5, "sizes": [1, -2], "words": [b"a", b"b"], "parts": [0.0, 1.0]},
        {
            "a": Tensor(F32, (2, 3), struct.pack("<6f", *range(6))),
            "b": Tensor(Q8_0, (1, 32), bytes(range(34))),
        },
    )
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    read = GgufFile(path)
    assert read.values == {
        "name": "ä",
        "count": 7,
        "share": 0.5,
        "sizes": [1, -2],
        "words": ["a", "b"],
        "parts": [0.0, 1.0],
    }
    assert read.tensors["a"].shape == (2, 3)
    assert struct.unpack("<6f", read.data("a")) == (0, 1, 2, 3, 4, 5)
    assert read.data("b") == bytes(range(34))


@pytest.mark.parametrize("zero", [0, 113, 128, 145, 255])
def test_bytes_with_a_zero_of_their_own_stay_what_they_are(zero: int) -> None:
    chance = random.Random(zero)
    rows = [bytes(chance.randrange(256) for _ in range(64)) for _ in range(20)]
    rows.append(bytes([zero] * 64))
    tensor = q8_0(rows, 0.0078125, zero)
    assert tensor.shape == (21, 64)
    found = weights(tensor.data)
    for got, byte in zip(found, b"".join(rows), strict=True):
        # A block that needs 9 bits is rounded; none is off by more than half of its step.
        assert abs(got - (byte - zero) * 0.0078125) <= 0.0078125 * 1.1
    small = [bytes(zero + each if zero + each < 256 else zero - each for each in range(32))]
    assert weights(q8_0(small, 0.5, zero).data) == [0.5 * (byte - zero) for byte in small[0]]


def test_weights_of_16_bits_are_rounded_to_127_steps() -> None:
    given = [at / 100 for at in range(-16, 16)] + [0.0] * 32
    found = weights(q8_0_of_f16(struct.pack("<64e", *given)))
    assert max(abs(a - b) for a, b in zip(found, given, strict=True)) < 0.16 / 127
    with pytest.raises(BuildError):
        q8_0_of_f16(bytes(62))


def test_other_files_are_refused_by_name() -> None:
    for content in (b"", b"no model at all", bytes(5000)):
        with pytest.raises(BuildError):
            moonshine(content, content, b"")
        with pytest.raises(BuildError):
            silero(content)
    head = json.dumps({"stft_conv.weight": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]}}).encode()
    with pytest.raises(BuildError, match="F16"):
        silero(struct.pack("<Q", len(head)) + head)


def test_each_model_of_the_catalogue_names_its_licence_its_files_and_where_they_come_from() -> None:
    for model in models.speech_models(models.speech_extra_names()):
        assert models.speech_licence(model).is_file()
        assert len(model["files"]) == len(model["source"]) == 2
        assert model["files"][1]["url"].endswith("silero-vad.gguf")
