"""`build.py models smollm2-135m-tools`: SmolLM2 learns to use tools (models/smollm2_tools/README.md)."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ..base import ROOT, cache_dir, digest, run, say, sha256, write_atomic
from ..models import CATALOGUE, extra, merge, original
from ..scene_vlm.make import ensure_torch

NAME = "smollm2-135m-tools"
_FOLDER = ROOT / "models" / "smollm2_tools"
_ADAPTER = _FOLDER / "adapter.gguf"
_ENTRY = CATALOGUE / "extra" / f"{NAME}.json"
_LONGEST_S = 8 * 3600


def make_smollm2_tools(*, train: bool) -> None:
    """
    Goes on training from the committed adapter, if `train`, and takes over what comes out; brings the
    model's catalogue entry up to date. A training that was cut goes on where it was. Raises BuildError when
    its packages cannot be had.
    """
    if train:
        weights = original(extra(NAME))
        assert weights is not None
        scratch = cache_dir() / NAME / digest(sorted([_ADAPTER, *_FOLDER.rglob("*.py")]))[:16]
        say(f"training {NAME}: how far it is stands in {scratch / 'log.txt'}")
        python, made = ensure_torch(), scratch / "adapter.gguf"
        module = "models.smollm2_tools"
        trained: list[str | Path] = [python, "-m", f"{module}.training", scratch, weights, "--from", _ADAPTER]
        exported: list[str | Path] = [python, "-m", f"{module}.export", scratch, weights, made]
        for command in (trained, exported):
            run(
                command,
                doing=f"Training {NAME}",
                action="Run the command again: it goes on from its last checkpoint.",
                timeout=_LONGEST_S,
            )
        write_atomic(_ADAPTER, made)
    _describe()


def _describe() -> None:
    """Writes size and hash of the merged file into the model's catalogue entry."""
    entry = extra(NAME)
    with tempfile.TemporaryDirectory() as scratch:
        merged = Path(scratch) / "merged.gguf"
        merge(entry, merged)
        entry["files"][0] |= {"bytes": merged.stat().st_size, "sha256": sha256(merged)}
    _ENTRY.write_text(json.dumps(entry, indent=2) + "\n")
    say(f"{_ENTRY.relative_to(ROOT)}: {entry['files'][0]['bytes'] / 1e6:.1f} MB")
