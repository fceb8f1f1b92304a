"""SmolLM2's blocks after the conversion mean the same as before, and the manifest says where they lie."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from pathlib import Path

import pytest

from build_steps.base import BuildError
from build_steps.webllm.folder import Tensor, write_weights
from build_steps.webllm.gguf import GgufFile
from build_steps.webllm.weights import pack_q4_1, pack_q8_0

_INPUTS, _ROWS = 128, 6


def test_q4_1_keeps_every_weight_and_scale() -> None:
    source = random.Random(1)
    blocks = bytearray()
    weights: list[list[int]] = []
    scales: list[list[int]] = []
    for _ in range(_ROWS):
        weights.append([source.randrange(16) for _ in range(_INPUTS)])
        scales.append([source.randrange(1 << 32) for _ in range(_INPUTS // 32)])
        for block, scale in enumerate(scales[-1]):
            part = weights[-1][block * 32 : block * 32 + 32]
            blocks += scale.to_bytes(4, "little")
            blocks += bytes(low | high << 4 for low, high in zip(part[:16], part[16:], strict=True))
    words, packed_scales = pack_q4_1(bytes(blocks), _INPUTS)
    for row in range(_ROWS):
        for index in range(_INPUTS):
            word = _word(words, index // 8, row)
            assert word >> index % 8 * 4 & 15 == weights[row][index]
        for block in range(_INPUTS // 32):
            assert _word(packed_scales, block, row) == scales[row][block]


def test_q8_0_keeps_every_weight_and_scale() -> None:
    source = random.Random(2)
    blocks = bytearray()
    weights: list[list[int]] = []
    scales: list[list[int]] = []
    for _ in range(_ROWS):
        weights.append([source.randrange(-128, 128) for _ in range(_INPUTS)])
        scales.append([source.randrange(1 << 16) for _ in range(_INPUTS // 32)])
        for block, scale in enumerate(scales[-1]):
            blocks += struct.pack("<H32b", scale, *weights[-1][block * 32 : block * 32 + 32])
    words, packed_scales = pack_q8_0(bytes(blocks), _INPUTS)
    for row in range(_ROWS):
        for index in range(_INPUTS):
            byte = _word(words, index // 4, row) >> index % 4 * 8 & 255
            assert byte - 128 == weights[row][index]
        for block in range(_INPUTS // 32):
            assert _word(packed_scales, block // 2, row) >> block % 2 * 16 & 0xFFFF == scales[row][block]


def _word(data: bytes, row: int, column: int) -> int:
    return int.from_bytes(data[(row * _ROWS + column) * 4 :][:4], "little")


def test_shards_hold_what_the_manifest_says(tmp_path: Path) -> None:
    large = 20 << 20
    tensors = [Tensor(name, (large // 4,), "float32", name.encode() * large) for name in "abc"]
    names = write_weights(tmp_path, tensors)
    assert names == ["params_shard_0.bin", "params_shard_1.bin", "params_shard_2.bin", "tensor-cache.json"]
    manifest = json.loads((tmp_path / "tensor-cache.json").read_text())
    found: dict[str, bytes] = {}
    for shard in manifest["records"]:
        data = (tmp_path / shard["dataPath"]).read_bytes()
        assert len(data) == shard["nbytes"]
        assert hashlib.md5(data, usedforsecurity=False).hexdigest() == shard["md5sum"]
        for entry in shard["records"]:
            found[entry["name"]] = data[entry["byteOffset"] : entry["byteOffset"] + entry["nbytes"]]
    assert found == {tensor.name: tensor.data for tensor in tensors}
    assert manifest["metadata"] == {"ParamSize": 3, "ParamBytes": 3.0 * large}


@pytest.mark.parametrize(
    "content",
    [
        b"GGUG" + bytes(100),
        b"GGUF" + struct.pack("<IQQ", 2, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + b"\x10",
        b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 64, 0, 0),
    ],
    ids=["another magic", "another version", "cut short", "a tensor beyond the end"],
)
def test_what_is_no_gguf_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(BuildError, match="no GGUF file"):
        GgufFile(path)
