"""
Small vision models with random weights in llama.cpp's format: a language model and its projector each. They
see nothing, but everything else about them is real: two files, image tokens, a chat template.

    python tests/browser/lab/vision_models.py FOLDER     # writes mlp.gguf, mlp-mmproj.gguf and smol…
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np

_ROLES = ("system", "user", "assistant", "tool")
_TEMPLATE = (
    "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
# As Gemma's and Mistral's.
_STRICT = (
    "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('System role not supported') }}"
    "{% elif (m['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant') }}{% endif %}{% endfor %}"
)
# SmolVLM's own: it wants the parts of a message, not one text.
_SMOLVLM_TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}"
    "{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n"
    "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
_SMOLVLM_TOKENS = (
    *("<|im_start|>", "<end_of_utterance>", "<image>", "<fake_token_around_image>", "<global-img>"),
    *(f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)),
)


@dataclass(frozen=True)
class Shape:
    """The sizes of a pair. An idefics3 model cuts a picture into tiles, up to a side of `tiles` pixels."""

    kind: str = "mlp"
    image: int = 96
    patch: int = 16
    vision_width: int = 64
    vision_layers: int = 2
    text_width: int = 96
    text_layers: int = 2
    context: int = 1024
    tiles: int = 192
    # What the projector says that it makes; another width than the text model's does not fit.
    projection: int = 96
    # Nearly all that it may say begins with two bytes that look like UTF-8 and are not: an overlong form.
    unwritable: bool = False
    # Its template takes no system message, and wants the roles to alternate.
    strict: bool = False

    @property
    def image_tokens(self) -> int:
        """Tokens of one picture (of one tile)."""
        side = self.image // self.patch
        return side * side if self.kind == "mlp" else (side // 2) ** 2


MLP = Shape()
SMOL = Shape(kind="idefics3", context=2048)
_HEADS = 2
_EPSILON = 1e-5


def write_pair(folder: Path, name: str, shape: Shape = MLP, seed: int = 7) -> tuple[Path, Path]:
    """Writes NAME.gguf and NAME-mmproj.gguf, always with the same bytes, and returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    model, projector = folder / f"{name}.gguf", folder / f"{name}-mmproj.gguf"
    _write_text(model, name, shape, np.random.default_rng(seed))
    _write_projector(projector, name, shape, np.random.default_rng(seed + 1))
    return model, projector


def file_entry(path: Path, url: str) -> dict[str, Any]:
    """The file as a model's description has it."""
    data = path.read_bytes()
    return {"url": url, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def model_entry(identifier: str, files: list[dict[str, Any]], shape: Shape = MLP) -> dict[str, Any]:
    """A description of the pair as the catalogue has it."""
    return {
        "id": identifier,
        "name": f"Random {shape.kind}",
        "engine": "llamacpp",
        "family": "random",
        "license": "Apache-2.0",
        "context": shape.context,
        "system": "",
        "sampling": {"temperature": 0, "max_tokens": 64},
        "vision": {"size": 256, "fit": "crop" if shape.kind == "mlp" else "keep"},
        "files": files,
    }


def _byte_characters() -> list[str]:
    """GPT-2's spelling of the 256 bytes: printable ones as they are, the others from U+0100 on."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


def _write_text(path: Path, name: str, shape: Shape, random: np.random.Generator) -> None:
    width, feed = shape.text_width, 2 * shape.text_width
    special = ["<pad>", "<|end|>", *(f"<|{role}|>" for role in _ROLES)]
    if shape.kind == "idefics3":
        special += _SMOLVLM_TOKENS
    # SmolVLM parts its tiles with two line ends, which have to be one token.
    merges = ["Ġ t", "h e", "Ġt he", "i n", "Ċ Ċ"]
    tokens = [*special, *_byte_characters(), *(merge.replace(" ", "") for merge in merges)]
    if shape.unwritable:
        tokens += [f"À¡{number}" for number in range(20_000)]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(f"Random {name}")
    writer.add_type("model")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(width)
    writer.add_block_count(shape.text_layers)
    writer.add_feed_forward_length(feed)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(_EPSILON)
    writer.add_rope_dimension_count(width // _HEADS)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if index < len(special) else 1 for index in range(len(tokens))])
    writer.add_token_merges(merges)
    end = tokens.index("<end_of_utterance>" if shape.kind == "idefics3" else "<|end|>")
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)
    template = _TEMPLATE if shape.kind == "mlp" else _SMOLVLM_TEMPLATE
    writer.add_chat_template(_STRICT + template if shape.strict else template)
    put = Tensors(writer, random)
    put.matrix("token_embd.weight", len(tokens), width)
    put.ones("output_norm.weight", width)
    for layer in range(shape.text_layers):
        block = f"blk.{layer}."
        for norm in ("attn_norm", "ffn_norm"):
            put.ones(f"{block}{norm}.weight", width)
        for projection in ("attn_q", "attn_k", "attn_v", "attn_output"):
            put.matrix(f"{block}{projection}.weight", width, width)
        put.matrix(f"{block}ffn_gate.weight", feed, width)
        put.matrix(f"{block}ffn_up.weight", feed, width)
        put.matrix(f"{block}ffn_down.weight", width, feed)
    finish(writer)


def _write_projector(path: Path, name: str, shape: Shape, random: np.random.Generator) -> None:
    width, feed, smol = shape.vision_width, 2 * shape.vision_width, shape.kind == "idefics3"
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_name(f"Random {name} mmproj")
    writer.add_type("mmproj")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", shape.kind)
    writer.add_bool("clip.use_gelu", True)
    numbers = {
        "image_size": shape.image,
        "patch_size": shape.patch,
        "embedding_length": width,
        "feed_forward_length": feed,
        "block_count": shape.vision_layers,
        "projection_dim": shape.projection,
        "attention.head_count": _HEADS,
    }
    if smol:
        numbers |= {"projector.scale_factor": 2, "preproc_image_size": shape.tiles}
    for key, value in numbers.items():
        writer.add_uint32(f"clip.vision.{key}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", _EPSILON)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.5, 0.5, 0.5])
    if not smol:  # without it an mlp projector leaves the last layer out
        writer.add_array("clip.vision.feature_layer", [shape.vision_layers])
    put = Tensors(writer, random)
    put.kernel("v.patch_embd.weight", width, shape.patch)
    put.zeros("v.patch_embd.bias", width)
    put.matrix("v.position_embd.weight", (shape.image // shape.patch) ** 2, width, np.float32)
    put.norm("v.post_ln", width)
    for layer in range(shape.vision_layers):
        block = f"v.blk.{layer}."
        for norm in ("ln1", "ln2"):
            put.norm(block + norm, width)
        for projection in ("attn_q", "attn_k", "attn_v", "attn_out"):
            put.layer(block + projection, width, width)
        put.layer(block + "ffn_up", feed, width)
        put.layer(block + "ffn_down", width, feed)
    if smol:
        put.matrix("mm.model.fc.weight", shape.projection, 4 * width)
    else:
        put.layer("mm.0", shape.projection, width)
        put.layer("mm.2", shape.projection, shape.projection)
    finish(writer)


class Tensors:
    """Adds tensors of random numbers: matrices as F16, the rest as F32."""

    def __init__(self, writer: gguf.GGUFWriter, random: np.random.Generator) -> None:
        self._writer = writer
        self._random = random

    def matrix(self, name: str, rows: int, columns: int, kind: Any = np.float16) -> None:
        values = self._random.standard_normal((rows, columns)) / np.sqrt(columns)
        self._writer.add_tensor(name, values.astype(kind))

    def kernel(self, name: str, rows: int, patch: int) -> None:
        values = self._random.standard_normal((rows, 3, patch, patch)) / patch
        self._writer.add_tensor(name, values.astype(np.float16))

    def ones(self, name: str, size: int) -> None:
        self._writer.add_tensor(name, np.ones(size, np.float32))

    def zeros(self, name: str, size: int) -> None:
        self._writer.add_tensor(name, np.zeros(size, np.float32))

    def norm(self, name: str, size: int) -> None:
        self.ones(f"{name}.weight", size)
        self.zeros(f"{name}.bias", size)

    def layer(self, name: str, rows: int, columns: int) -> None:
        self.matrix(f"{name}.weight", rows, columns)
        self.zeros(f"{name}.bias", rows)


def finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write_pair(Path(sys.argv[1]), "mlp")
    write_pair(Path(sys.argv[1]), "smol", SMOL)
