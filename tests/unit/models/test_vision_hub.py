"""models/catalogue/vision/hub.json: every entry is a pair of files with plausible figures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HUB = Path(__file__).resolve().parents[3] / "models" / "catalogue" / "vision" / "hub.json"
MODELS: list[dict[str, Any]] = json.loads(HUB.read_text())
TEXTS = ("id", "name", "family", "license")
USES = {"vision", "general", "multilingual", "low-end"}


def test_an_entry_is_a_model_and_its_projector() -> None:
    for model in MODELS:
        assert all(model[field].strip() for field in TEXTS), model["id"]
        assert model["engine"] == "llamacpp"
        assert model["id"] == model["id"].lower()
        weights, projector = (file["url"] for file in model["files"])
        assert re.fullmatch(
            r"https://huggingface\.co/[^/]+/[^/]+/resolve/(main|[0-9a-f]{40})/[^/]+\.gguf", weights
        )
        assert weights.rsplit("/", 1)[0] == projector.rsplit("/", 1)[0]
        assert "mmproj" not in weights
        assert "/mmproj-" in projector


def test_figures_are_plausible() -> None:
    for model in MODELS:
        size = sum(file["bytes"] for file in model["files"])
        assert size < model["memory"] < 4 << 30, model["id"]
        assert model["vision"]["fit"] in {"crop", "pad", "keep"}
        assert 256 <= model["vision"]["size"] <= 512
        assert {"vision"} < set(model["goodFor"]) <= USES


def test_ids_tell_the_models_apart_and_are_those_that_people_know() -> None:
    ids = [model["id"] for model in MODELS]
    assert len(set(ids)) == len(ids)
    assert {
        "lfm2-vl-450m-q4_0",
        "lfm2-vl-450m-q8_0",
        "smolvlm-256m-instruct-q8_0",
        "smolvlm-500m-instruct-q8_0",
        "qwen2-vl-2b-instruct-q4_k_m",
    } <= set(ids)
