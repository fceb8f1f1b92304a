"""What makes all-MiniLM-L6-v2 a GGUF. That it is always the same one a build checks itself, by its hash."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from build_steps import models
from build_steps.base import BuildError
from build_steps.minilm import minilm
from build_steps.speech.quantised import q8_0_of_f32


def test_weights_of_32_bits_lose_less_than_a_step_of_their_block() -> None:
    weights = np.random.default_rng(3).normal(0, 0.05, (4, 64)).astype(np.float32)
    weights[1, :32] = 0
    blocks = q8_0_of_f32(weights.tobytes())
    assert len(blocks) == 8 * 34
    for number, block in enumerate(struct.iter_unpack("<e32b", blocks)):
        expected = weights.reshape(8, 32)[number]
        got = np.array(block[1:], np.float32) * block[0]
        assert np.abs(got - expected).max() <= np.abs(expected).max() / 127 * 0.6 + 1e-9


@pytest.mark.parametrize("weights", [b"", b"\x02\0\0\0\0\0\0\0{}", b"\x10\0\0\0\0\0\0\0{}"])
def test_what_is_no_minilm_is_refused(weights: bytes) -> None:
    with pytest.raises(BuildError, match="another MiniLM"):
        minilm(weights, b"[PAD]\n")


def test_the_catalogue_has_it_for_embedding_with_its_licence() -> None:
    [model] = [model for model in models.catalogue() if model["id"] == "all-minilm-l6-v2"]
    assert "embedding" in model["goodFor"]
    assert "Apache License" in models.licence(model).read_text()
