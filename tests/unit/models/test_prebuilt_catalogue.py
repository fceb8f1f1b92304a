"""models/catalogue/webllm/prebuilt.json: every entry is a whole WebLlmModel with plausible figures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

PREBUILT = Path(__file__).resolve().parents[3] / "models" / "catalogue" / "webllm" / "prebuilt.json"
MODELS: list[dict[str, Any]] = json.loads(PREBUILT.read_text())
FIELDS: dict[str, type] = {
    "id": str,
    "name": str,
    "engine": str,
    "family": str,
    "license": str,
    "context": int,
    "system": str,
    "weights": str,
    "library": str,
    "files": list,
    "bytes": int,
    "vram": int,
    "features": list,
    "goodFor": list,
}
USES = {"general", "coding", "multilingual", "low-end", "maths", "embedding"}


def test_an_entry_says_everything_that_the_page_shows() -> None:
    for model in MODELS:
        assert set(model) - {"record", "librarySha256"} == set(FIELDS), model["id"]
        for field, kind in FIELDS.items():
            assert isinstance(model[field], kind), (model["id"], field)
        for field in ("id", "name", "family", "license"):
            assert model[field].strip(), (model["id"], field)
        assert model["engine"] == "webllm"
        assert re.fullmatch(r"https://.+/resolve/(main|[0-9a-f]{40})/", model["weights"])
        assert re.fullmatch(r"https://.+-webgpu\.wasm", model["library"])
        assert model["files"] == []
        assert set(model["features"]) <= {"shader-f16"}
        assert set(model["goodFor"]) <= USES
        assert 512 <= model["context"] <= 4096


def test_the_estimated_size_goes_with_the_memory_that_webllm_measured() -> None:
    for model in MODELS:
        # Weights are most of the memory; small models with large vocabularies and batches need much besides.
        assert 0.1 <= model["bytes"] / model["vram"] <= 1.05, model["id"]
        assert ("f16" in model["id"]) == ("shader-f16" in model["features"]), model["id"]


def test_ids_and_names_tell_the_models_apart() -> None:
    assert len({model["id"] for model in MODELS}) == len(MODELS) == 165
    assert len({model["name"] for model in MODELS}) == len(MODELS)


def test_the_models_that_the_selection_guide_recommends_are_marked() -> None:
    good_for = {model["id"]: model["goodFor"] for model in MODELS}
    assert "general" in good_for["Phi-3.5-mini-instruct-q4f16_1-MLC"]
    assert "coding" in good_for["Qwen2.5-Coder-7B-Instruct-q4f16_1-MLC"]
    assert "multilingual" in good_for["Qwen2.5-7B-Instruct-q4f16_1-MLC"]
    assert "low-end" in good_for["Llama-3.2-1B-Instruct-q4f16_1-MLC"]
    assert [id_ for id_, uses in good_for.items() if "embedding" in uses] == [
        id_ for id_ in good_for if id_.startswith("snowflake")
    ]
