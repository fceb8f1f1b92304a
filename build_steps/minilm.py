"""all-MiniLM-L6-v2, vectors of sentences: from its authors' weights to the GGUF that llama.cpp reads."""

from __future__ import annotations

import json
import struct
from typing import Any

from .base import BuildError
from .speech.gguf import F32, Q8_0, Tensor, gguf
from .speech.quantised import q8_0_of_f32

_LAYERS, _WIDTH, _HEADS, _INNER, _CONTEXT, _VOCABULARY = 6, 384, 12, 1536, 512, 30522
_EPSILON = 1e-12
_MEAN = 1  # of all tokens' vectors, as its authors do
_CONTROL, _NORMAL = 3, 1
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_NAMES = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm": "token_embd_norm",
}
_LAYER_NAMES = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
# What is looked up and not multiplied stays as it is.
_EXACT = {"position_embd.weight", "token_types.weight"}


def minilm(weights: bytes, vocabulary: bytes) -> bytes:
    """
    The GGUF, from `model.safetensors` and `vocab.txt`. Products get 8 bits, as ggml's own quantiser makes
    them; the rest stays F32. Raises BuildError for another model.
    """
    try:
        tensors = {_renamed(name): tensor for name, tensor in _tensors(weights).items()}
    except (KeyError, ValueError, struct.error) as error:
        raise BuildError(f"This is another MiniLM: {error}.", "Correct the pin of its package.") from error
    tokens = vocabulary.decode().splitlines()
    if len(tokens) != _VOCABULARY or len(tensors) != 5 + 16 * _LAYERS:
        raise BuildError("This is another MiniLM.", "Correct the pin of its package.")
    return gguf(_values(tokens), tensors)


def _tensors(weights: bytes) -> dict[str, Tensor]:
    (length,) = struct.unpack_from("<Q", weights)
    described: dict[str, Any] = json.loads(weights[8 : 8 + length])
    found: dict[str, Tensor] = {}
    for name, about in sorted(described.items()):
        # The numbers from 0 to 511, and what only training had.
        if name in ("__metadata__", "embeddings.position_ids") or name.startswith("pooler."):
            continue
        if about["dtype"] != "F32":
            raise ValueError(f"{name} is {about['dtype']}")
        start, end = (8 + length + at for at in about["data_offsets"])
        data = weights[start:end]
        if len(about["shape"]) == 2 and _renamed(name) not in _EXACT:
            found[name] = Tensor(Q8_0, tuple(about["shape"]), q8_0_of_f32(data))
        else:
            found[name] = Tensor(F32, tuple(about["shape"]), data)
    return found


def _renamed(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    stem, _, kind = name.rpartition(".")
    if stem in _NAMES:
        return f"{_NAMES[stem]}.{kind}"
    _, _, layer, part = stem.split(".", 3)
    return f"blk.{layer}.{_LAYER_NAMES[part]}.{kind}"


def _values(tokens: list[str]) -> dict[str, Any]:
    return {
        "general.architecture": "bert",
        "general.name": "all-MiniLM-L6-v2",
        "bert.context_length": _CONTEXT,
        "bert.embedding_length": _WIDTH,
        "bert.block_count": _LAYERS,
        "bert.feed_forward_length": _INNER,
        "bert.attention.head_count": _HEADS,
        "bert.attention.layer_norm_epsilon": _EPSILON,
        "bert.attention.causal": False,
        "bert.pooling_type": _MEAN,
        "general.file_type": 7,  # mostly Q8_0
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.tokens": [_piece(token) for token in tokens],
        "tokenizer.ggml.token_type": [_CONTROL if token in _SPECIAL else _NORMAL for token in tokens],
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.padding_token_id": tokens.index("[PAD]"),
        "tokenizer.ggml.unknown_token_id": tokens.index("[UNK]"),
        "tokenizer.ggml.bos_token_id": tokens.index("[CLS]"),
        "tokenizer.ggml.seperator_token_id": tokens.index("[SEP]"),  # spelled so by ggml
        "tokenizer.ggml.mask_token_id": tokens.index("[MASK]"),
    }


def _piece(token: str) -> str:
    """llama.cpp marks what begins a word, where BERT marks what does not."""
    if token.startswith("##"):
        return token.removeprefix("##")
    return token if token.startswith("[") and token.endswith("]") else f"▁{token}"
