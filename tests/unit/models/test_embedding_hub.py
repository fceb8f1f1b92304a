"""models/catalogue/embedding/hub.json: every entry is one file with plausible figures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HUB = Path(__file__).resolve().parents[3] / "models" / "catalogue" / "embedding" / "hub.json"
MODELS: list[dict[str, Any]] = json.loads(HUB.read_text())


def test_an_entry_is_an_embedding_model_for_llamacpp() -> None:
    for model in MODELS:
        assert all(model[field].strip() for field in ("id", "name", "family", "license", "about"))
        assert model["engine"] == "llamacpp"
        assert model["id"] == model["id"].lower()
        assert model["goodFor"][0] == "embedding"
        assert 512 <= model["context"] <= 8192
        [file] = model["files"]
        assert re.fullmatch(
            r"https://huggingface\.co/[^/]+/[^/]+/resolve/[0-9a-f]{40}/[^/]+\.gguf", file["url"]
        )
        assert 10_000_000 < file["bytes"] < 1 << 30


def test_ids_tell_the_models_apart() -> None:
    others = (HUB.parents[1] / name for name in ("vision/hub.json", "webllm/prebuilt.json"))
    ids = [model["id"] for path in (HUB, *others) for model in json.loads(path.read_text())]
    assert len(set(ids)) == len(ids)
