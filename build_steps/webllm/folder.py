"""The files beside a WebLLM library: weights in shards with their manifest, chat configuration, tokenizer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .shape import EncoderShape, LlamaShape

_SHARD_BYTES = 32 << 20
ENDOFTEXT, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL = (ENDOFTEXT, IM_START, IM_END)
# Of an encoder. WebLLM pads with 0.
PAD, CLS, SEP = ENCODER_SPECIAL = ("[PAD]", "[CLS]", "[SEP]")


@dataclass(frozen=True)
class Tensor:
    """One tensor as the library wants it: little-endian, row after row."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    data: bytes


def write_weights(folder: Path, tensors: Iterable[Tensor]) -> list[str]:
    """
    Writes params_shard_*.bin of at most 32 MB (a larger tensor gets a shard of its own) and
    tensor-cache.json. Returns the names of the files.
    """
    records: list[dict[str, Any]] = []
    shard, described = bytearray(), list[dict[str, Any]]()
    count = total = 0

    def close() -> None:
        nonlocal shard, described
        name = f"params_shard_{len(records)}.bin"
        (folder / name).write_bytes(shard)
        records.append(
            {
                "dataPath": name,
                "format": "raw-shard",
                "nbytes": len(shard),
                "records": described,
                "md5sum": hashlib.md5(shard, usedforsecurity=False).hexdigest(),
            }
        )
        shard, described = bytearray(), []

    for tensor in tensors:
        if shard and len(shard) + len(tensor.data) > _SHARD_BYTES:
            close()
        described.append(
            {
                "name": tensor.name,
                "shape": list(tensor.shape),
                "dtype": tensor.dtype,
                "format": "raw",
                "nbytes": len(tensor.data),
                "byteOffset": len(shard),
            }
        )
        shard += tensor.data
        count, total = count + 1, total + len(tensor.data)
    close()
    metadata = {"ParamSize": count, "ParamBytes": float(total)}
    manifest = json.dumps({"metadata": metadata, "records": records}, indent=1)
    (folder / "tensor-cache.json").write_bytes(manifest.encode() + b"\n")
    return [record["dataPath"] for record in records] + ["tensor-cache.json"]


def chat_config(shape: LlamaShape, system: str) -> str:
    """
    mlc-chat-config.json for a model that talks ChatML. `system` stands in where a chat brings none.

    Each header closes the message before it. WebLLM goes on from a turn that it has in its KV cache with the
    new message alone: an end that came after a message would be missing behind every answer but the last.
    """
    quantization = "q0f32" if shape.matrices == "f32" else f"{shape.matrices}-f32"
    sizes = {
        "vocab_size": shape.vocabulary,
        "context_window_size": shape.context,
        "prefill_chunk_size": shape.chunk,
    }
    config = {
        "version": "0.1.0",
        "model_type": "llama",
        "quantization": quantization,
        "model_config": {"hidden_size": shape.hidden, **sizes},
        **sizes,
        "sliding_window_size": -1,
        "attention_sink_size": -1,
        "tensor_parallel_shards": 1,
        "temperature": 0.2,
        "top_p": 0.9,
        "frequency_penalty": 0.0,
        "presence_penalty": 0.0,
        "repetition_penalty": 1.0,
        "tokenizer_files": ["tokenizer.json", "tokenizer_config.json"],
        "tokenizer_info": {
            "token_postproc_method": "byte_level",
            "prepend_space_in_encode": False,
            "strip_space_in_decode": False,
        },
        "conv_template": {
            "name": "chatml",
            "system_template": f"{IM_START}system\n{{system_message}}",
            "system_message": system,
            "system_prefix_token_ids": [],
            "add_role_after_system_message": True,
            "roles": {role: f"{IM_END}\n{IM_START}{role}" for role in ("user", "assistant", "tool")},
            "role_templates": {role: f"{{{role}_message}}" for role in ("user", "assistant", "tool")},
            "messages": [],
            "seps": [""],
            "role_content_sep": "\n",
            "role_empty_sep": "\n",
            "stop_str": [IM_END],
            "stop_token_ids": [SPECIAL.index(IM_END), SPECIAL.index(ENDOFTEXT)],
            "function_string": "",
            "use_function_calling": False,
        },
        "pad_token_id": SPECIAL.index(IM_END),
        "bos_token_id": SPECIAL.index(IM_START),
        "eos_token_id": SPECIAL.index(IM_END),
    }
    return json.dumps(config, indent=1) + "\n"


def encoder_config(shape: EncoderShape) -> str:
    """mlc-chat-config.json for a model that makes embeddings."""
    sizes = {
        "vocab_size": shape.vocabulary,
        "context_window_size": shape.context,
        "prefill_chunk_size": shape.context,
    }
    config = {
        "version": "0.1.0",
        "model_type": "bert",
        "model_task": "embedding",
        "quantization": "q0f32",
        "model_config": {"hidden_size": shape.hidden, **sizes},
        **sizes,
        "sliding_window_size": -1,
        "attention_sink_size": -1,
        "tensor_parallel_shards": 1,
        "max_batch_size": shape.batch,
        "tokenizer_files": ["tokenizer.json"],
        "pad_token_id": ENCODER_SPECIAL.index(PAD),
        "bos_token_id": ENCODER_SPECIAL.index(CLS),
        "eos_token_id": ENCODER_SPECIAL.index(SEP),
    }
    return json.dumps(config, indent=1) + "\n"


def around_a_text() -> dict[str, Any]:
    """The part of an encoder's tokenizer.json that puts its special tokens round a text."""
    single = [
        {"SpecialToken": {"id": CLS, "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": SEP, "type_id": 0}},
    ]
    known = {
        token: {"id": token, "ids": [ENCODER_SPECIAL.index(token)], "tokens": [token]} for token in (CLS, SEP)
    }
    return {"type": "TemplateProcessing", "single": single, "pair": single, "special_tokens": known}


def tokenizer(
    tokens: Sequence[str],
    merges: Sequence[str],
    special: Sequence[int],
    post_processor: dict[str, Any] | None = None,
) -> str:
    """
    tokenizer.json of a byte-level BPE that takes digits one by one, as SmolLM2's does. `merges` are two
    tokens with a space between, best first; `special` are the ids that no text is split into.
    """
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    added = [
        {
            "id": index,
            "content": tokens[index],
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for index in special
    ]
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level],
        },
        "post_processor": post_processor,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {token: index for index, token in enumerate(tokens)},
            "merges": list(merges),
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def tokenizer_config() -> str:
    """tokenizer_config.json: what else is said of the tokenizer."""
    config = {
        "tokenizer_class": "GPT2Tokenizer",
        "bos_token": IM_START,
        "eos_token": IM_END,
        "pad_token": IM_END,
        "unk_token": ENDOFTEXT,
        "add_prefix_space": False,
    }
    return json.dumps(config, indent=1) + "\n"
