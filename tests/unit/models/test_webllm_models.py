"""What is committed of our WebLLM models is what their catalogue entries say."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from build_steps.base import BuildError, sha256
from build_steps.models import catalogue
from build_steps.webllm import models as webllm_models
from build_steps.webllm.make import make_models
from build_steps.webllm.shape import ENCODERS, SHAPES, EncoderShape, LlamaShape
from models.webllm.bpe import Tokenizer

_OURS = {model["id"]: model for model in catalogue() if model["engine"] == "webllm"}
_OUR_SHAPES: dict[str, LlamaShape | EncoderShape] = {**SHAPES, **ENCODERS}
_MAX_COMMITTED = 8 << 20


def test_llama_cpp_comes_first_and_the_tests_models_last() -> None:
    ids = [model["id"] for model in catalogue()]
    assert ids[0] == "smollm2-135m-instruct"
    assert ids[-2:] == ["tiny-chat-webllm", "tiny-embed-webllm"]
    assert set(_OURS) == set(_OUR_SHAPES)


@pytest.mark.parametrize("name", sorted(_OUR_SHAPES))
def test_committed_files_are_those_of_the_catalogue(name: str) -> None:
    model = _OURS[name]
    folder = webllm_models.FOLDERS / name
    wanted = {Path(file["url"]).name: file for file in model["files"]}
    for path in folder.iterdir():
        assert path.stat().st_size < _MAX_COMMITTED
        if path.suffix != ".txt":
            assert sha256(path) == wanted[path.name]["sha256"], path.name
    assert model["bytes"] == sum(file["bytes"] for file in model["files"])
    assert {path.name for path in webllm_models.licences(model)} >= {
        "apache-tvm.LICENSE.txt",
        "apache-tvm.NOTICE.txt",
        "musl.COPYRIGHT.txt",
    }


def metadata_of(name: str) -> dict[str, Any]:
    """What WebLLM reads of a library: it stands in it as a string."""
    library = (webllm_models.FOLDERS / name / f"{name}.wasm").read_bytes()
    assert library[:8] == b"\0asm" + struct.pack("<I", 1)
    start = library.index(b'{"model_type"')
    metadata, _ = json.JSONDecoder().raw_decode(library[start : start + (1 << 20)].decode(errors="replace"))
    return metadata


@pytest.mark.parametrize(("name", "shape"), sorted(SHAPES.items()))
def test_the_library_is_compiled_for_the_shape(name: str, shape: LlamaShape) -> None:
    metadata = metadata_of(name)
    assert metadata["context_window_size"] == shape.context == _OURS[name]["context"]
    assert metadata["prefill_chunk_size"] == shape.chunk
    sizes = {entry["name"]: entry["shape"] for entry in metadata["params"]}
    assert sizes["norm.weight"] == [shape.hidden]
    assert sizes["embedding.weights"][1] == shape.vocabulary
    assert len(sizes) == len(set(sizes)) >= 3 * shape.layers


@pytest.mark.parametrize(("name", "shape"), sorted(ENCODERS.items()))
def test_an_encoder_is_compiled_for_the_shape_and_is_small(name: str, shape: EncoderShape) -> None:
    metadata = metadata_of(name)
    # WebLLM refuses an embedding model whose two sizes differ.
    assert metadata["context_window_size"] == metadata["prefill_chunk_size"] == shape.context
    assert shape.context == _OURS[name]["context"]
    assert metadata["max_batch_size"] == shape.batch
    sizes = {entry["name"]: tuple(entry["shape"]) for entry in metadata["params"]}
    assert sizes["tokens"] == (shape.vocabulary, shape.hidden)
    for matrix, size in shape.matrix_shapes().items():
        assert sizes[f"{matrix}.weights"] == size
    for norm in shape.norm_names():
        assert sizes[f"{norm}.bias"] == sizes[f"{norm}.weight"] == (shape.hidden,)
    files = {Path(file["url"]).suffix: file["bytes"] for file in _OURS[name]["files"]}
    assert files[".bin"] < 1e6
    assert files[".wasm"] < 4e6
    assert "embedding" in _OURS[name]["goodFor"]


def test_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "webllm"
    shutil.copytree(webllm_models.FOLDERS, copy)
    monkeypatch.setattr(webllm_models, "FOLDERS", copy)
    tokenizer = copy / "tiny-chat-webllm" / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text() + " ")
    with pytest.raises(BuildError, match=r"tokenizer\.json of tiny-chat-webllm is not the file"):
        webllm_models.webllm_files(_OURS["tiny-chat-webllm"], None)
    tokenizer.unlink()
    with pytest.raises(BuildError, match=r"tokenizer\.json are missing"):
        webllm_models.webllm_files(_OURS["tiny-chat-webllm"], None)


def test_without_emscripten_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BuildError, match="apt-get install --no-install-recommends emscripten"):
        make_models(None, train=False)


def test_the_tokenizer_takes_apart_and_puts_together() -> None:
    tokenizer = Tokenizer(webllm_models.FOLDERS / "tiny-chat-webllm" / "tokenizer.json")
    for text in ("Hello there", "it's 12 + 3 = 15 !", "Voilà 🙂", "a  b\n\n c\t", "snake_case __init__"):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    ids = tokenizer.encode("<|im_start|>user\nHello<|im_end|>")
    assert ids[0] == 1
    assert ids[-1] == 2
    assert len(tokenizer.encode("Hello")) < len("Hello")
