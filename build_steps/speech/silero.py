"""Silero's voice activity model from its authors' package to the GGUF that transcribe.cpp reads."""

from __future__ import annotations

import json
import struct
from typing import Any

from ..base import BuildError
from .gguf import F32, Tensor, gguf

# transcribe.cpp's names → Silero's.
_NAMES = {
    "frontend.stft_basis": "stft_conv.weight",
    **{f"enc.{at}.conv.{part}": f"conv{at + 1}.{part}" for at in range(4) for part in ("weight", "bias")},
    "lstm.weight_ih": "lstm_cell.weight_ih",
    "lstm.weight_hh": "lstm_cell.weight_hh",
    "lstm.bias_ih": "lstm_cell.bias_ih",
    "lstm.bias_hh": "lstm_cell.bias_hh",
    "head.weight": "final_conv.weight",
    "head.bias": "final_conv.bias",
}
_HIDDEN = 128


def silero(safetensors: bytes) -> bytes:
    """The GGUF, from `silero_vad_16k.safetensors`. Raises BuildError for another model."""
    try:
        (length,) = struct.unpack_from("<Q", safetensors)
        about = json.loads(safetensors[8 : 8 + length])
        found = {ours: _tensor(about[theirs], safetensors[8 + length :]) for ours, theirs in _NAMES.items()}
    except (KeyError, ValueError, struct.error) as error:
        raise BuildError(
            f"This is another Silero VAD: {error}.", "Correct the pin of its package."
        ) from error
    basis, head = found["frontend.stft_basis"], found["head.weight"]
    found["frontend.stft_basis"] = Tensor(F32, (basis.shape[0], basis.shape[2]), basis.data)
    found["head.weight"] = Tensor(F32, (_HIDDEN,), head.data)
    values = {
        "general.architecture": "silero_vad",
        "general.name": "Silero VAD",
        "general.license": "mit",
        "stt.variant": "silero-vad-v6.2",
        "stt.frontend.sample_rate": 16000,
        "stt.frontend.n_fft": 256,
        "stt.frontend.hop_length": 128,
        "stt.vad.frame_samples": 512,
        "stt.silero_vad.context_samples": 64,
        "stt.silero_vad.reflect_pad": 64,
        "stt.silero_vad.lstm_hidden": _HIDDEN,
        "stt.silero_vad.encoder_channels": [129, 128, 64, 64, 128],
        "stt.silero_vad.encoder_strides": [1, 2, 2, 1],
    }
    return gguf(values, found)


def _tensor(about: dict[str, Any], data: bytes) -> Tensor:
    if about["dtype"] != "F32":
        raise ValueError(about["dtype"])
    start, end = about["data_offsets"]
    return Tensor(F32, tuple(about["shape"]), data[start:end])
