"""
A small embedding model with random weights in llama.cpp's format: an encoder like BERT with a vocabulary of
word pieces. Its vectors mean nothing, but every step to them is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from vision_models import Tensors, file_entry, finish

_WORDS = ("the", "capital", "of", "france", "is", "paris", "hello", "there", "story", "word", "text")
_EPSILON = 1e-12


@dataclass(frozen=True)
class Encoder:
    """The sizes of a model."""

    width: int = 96
    layers: int = 2
    heads: int = 3
    context: int = 256


def write_encoder(
    path: Path, shape: Encoder = Encoder(), *, pools: bool = True, seed: int = 7, split: int = 0
) -> Path:
    """
    Writes the model, always with the same bytes. `pools`: whether it says that it takes the mean. `split`:
    how many tensors a part; the parts lie beside `path`, which is not written then.
    """
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(code) for code in range(33, 127)]
    # llama.cpp marks what begins a word, where BERT marks what does not.
    tokens = [*special, *(f"▁{letter}" for letter in letters), *letters, *(f"▁{word}" for word in _WORDS)]
    writer = gguf.GGUFWriter(path, "bert", split_max_tensors=split)
    writer.add_name("Random encoder")
    writer.add_type("model")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(2 * shape.width)
    writer.add_head_count(shape.heads)
    writer.add_layer_norm_eps(_EPSILON)
    writer.add_causal_attention(False)
    if pools:
        writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if index < len(special) else 1 for index in range(len(tokens))])
    writer.add_token_type_count(2)
    for add, token in (
        (writer.add_pad_token_id, "[PAD]"),
        (writer.add_unk_token_id, "[UNK]"),
        (writer.add_bos_token_id, "[CLS]"),
        (writer.add_sep_token_id, "[SEP]"),
        (writer.add_mask_token_id, "[MASK]"),
    ):
        add(special.index(token))
    put = Tensors(writer, np.random.default_rng(seed))
    put.matrix("token_embd.weight", len(tokens), shape.width)
    put.matrix("position_embd.weight", shape.context, shape.width, np.float32)
    put.matrix("token_types.weight", 2, shape.width, np.float32)
    put.norm("token_embd_norm", shape.width)
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            put.layer(block + name, shape.width, shape.width)
        put.norm(block + "attn_output_norm", shape.width)
        put.layer(block + "ffn_up", 2 * shape.width, shape.width)
        put.layer(block + "ffn_down", shape.width, 2 * shape.width)
        put.norm(block + "layer_output_norm", shape.width)
    finish(writer)
    return path


def encoder_entry(path: Path, url: str, shape: Encoder = Encoder()) -> dict[str, Any]:
    """A description of the model as the catalogue has it."""
    return {
        "id": path.stem,
        "name": "Random encoder",
        "engine": "llamacpp",
        "family": "random",
        "license": "Apache-2.0",
        "context": shape.context,
        "system": "",
        "goodFor": ["embedding", "testing"],
        "files": [file_entry(path, url)],
    }
