"""A model whose files lie in the project: they are those of the catalogue, or the build says which is not."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from build_steps import models
from build_steps.base import BuildError


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(models, "ROOT", tmp_path)
    (tmp_path / "eyes").mkdir()
    files: list[dict[str, Any]] = []
    for name in ("eyes.gguf", "eyes-mmproj.gguf"):
        data = name.encode()
        (tmp_path / "eyes" / name).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        files.append({"url": f"models/{name}", "bytes": len(data), "sha256": digest})
    return {"id": "eyes", "files": files, "source": {"committed": "eyes"}}


def test_both_files_are_found(model: dict[str, Any], tmp_path: Path) -> None:
    found = [models.model_file(model, index) for index in range(2)]
    assert found == [tmp_path / "eyes/eyes.gguf", tmp_path / "eyes/eyes-mmproj.gguf"]


def test_another_file_and_a_missing_one_are_told(model: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "eyes/eyes.gguf").write_bytes(b"eyes.ggux")
    with pytest.raises(BuildError, match=r"eyes\.gguf is not the file of the catalogue"):
        models.model_file(model, 0)
    (tmp_path / "eyes/eyes-mmproj.gguf").unlink()
    with pytest.raises(BuildError, match="is missing"):
        models.model_file(model, 1)
