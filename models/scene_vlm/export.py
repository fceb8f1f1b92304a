"""Writes the network as two GGUF files for llama.cpp: a "llama" text model and a "clip" projector file."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
from torch import Tensor

from .drawing import PATCH, SIDE
from .network import SceneVlm
from .tokens import END, PAD, SPECIAL, tokeniser

TEXT_FILE, SIGHT_FILE = "scene-vlm.gguf", "scene-vlm-mmproj.gguf"
TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
_TEXT_NAMES = {
    "norm1": "attn_norm",
    "norm2": "ffn_norm",
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "out": "attn_output",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}
_SIGHT_NAMES = {
    "ln1": "ln1",
    "ln2": "ln2",
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "out": "attn_out",
    "up": "ffn_up",
    "down": "ffn_down",
}
_F16 = 1
_CONTROL, _NORMAL = 3, 1


def write_pair(model: SceneVlm, folder: Path) -> None:
    """Both files, matrices in 16 bits."""
    weights = {name: weight.detach() for name, weight in model.state_dict().items()}
    _write_text(model, weights, folder / TEXT_FILE)
    _write_sight(model, weights, folder / SIGHT_FILE)


def _write_text(model: SceneVlm, weights: dict[str, Tensor], path: Path) -> None:
    shape = model.shape
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("scene-vlm")
    writer.add_type("model")
    writer.add_license("apache-2.0")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.text_width)
    writer.add_block_count(shape.text_depth)
    writer.add_feed_forward_length(shape.text_inner)
    writer.add_head_count(shape.text_heads)
    writer.add_head_count_kv(shape.text_heads)
    writer.add_layer_norm_rms_eps(shape.text_epsilon)
    writer.add_rope_dimension_count(shape.text_width // shape.text_heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_file_type(_F16)
    _add_tokeniser(writer)
    _put(writer, "token_embd.weight", weights["text.embedding.weight"])
    _put(writer, "output_norm.weight", weights["text.norm.weight"])
    for layer in range(shape.text_depth):
        for ours, theirs in _TEXT_NAMES.items():
            _put(writer, f"blk.{layer}.{theirs}.weight", weights[f"text.layers.{layer}.{ours}.weight"])
    _finish(writer)


def _add_tokeniser(writer: gguf.GGUFWriter) -> None:
    made = json.loads(tokeniser().to_str())["model"]
    tokens = sorted(made["vocab"], key=made["vocab"].get)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([_CONTROL if token in SPECIAL else _NORMAL for token in tokens])
    writer.add_token_merges(
        [merge if isinstance(merge, str) else " ".join(merge) for merge in made["merges"]]
    )
    writer.add_bos_token_id(END)
    writer.add_eos_token_id(END)
    writer.add_pad_token_id(PAD)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def _write_sight(model: SceneVlm, weights: dict[str, Tensor], path: Path) -> None:
    shape = model.shape
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_name("scene-vlm sight")
    writer.add_type("mmproj")
    writer.add_license("apache-2.0")
    writer.add_file_type(_F16)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    numbers = {
        "image_size": SIDE,
        "patch_size": PATCH,
        "embedding_length": shape.sight_width,
        "feed_forward_length": shape.sight_inner,
        "block_count": shape.sight_depth,
        "projection_dim": shape.text_width,
        "attention.head_count": shape.sight_heads,
    }
    for name, number in numbers.items():
        writer.add_uint32(f"clip.vision.{name}", number)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", shape.sight_epsilon)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    # Without it llama.cpp leaves out the last layer.
    writer.add_array("clip.vision.feature_layer", [shape.sight_depth])
    _put(writer, "v.position_embd.weight", weights["sight.position"], exact=True)
    _put(writer, "v.patch_embd.weight", weights["sight.patch.weight"])
    for kind in ("weight", "bias"):
        if kind == "bias":
            _put(writer, "v.patch_embd.bias", weights["sight.patch.bias"])
        _put(writer, f"v.post_ln.{kind}", weights[f"sight.post.{kind}"])
        _put(writer, f"mm.0.{kind}", weights[f"bridge0.{kind}"])
        _put(writer, f"mm.2.{kind}", weights[f"bridge2.{kind}"])
        for layer in range(shape.sight_depth):
            for ours, theirs in _SIGHT_NAMES.items():
                weight = weights[f"sight.layers.{layer}.{ours}.{kind}"]
                _put(writer, f"v.blk.{layer}.{theirs}.{kind}", weight)
    _finish(writer)


def _put(writer: gguf.GGUFWriter, name: str, weight: Tensor, *, exact: bool = False) -> None:
    dtype = np.float32 if weight.ndim < 2 or exact else np.float16
    writer.add_tensor(name, np.ascontiguousarray(weight.numpy().astype(dtype)))


def _finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
