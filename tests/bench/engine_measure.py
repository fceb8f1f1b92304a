"""llama.cpp as we compile it, against wllama's own wasm and native, in turns, same file, same threads."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xllamacpp
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize
from lab import ROOT, Figure, SiteServer, at_least, median, peer_page, told
from playwright.sync_api import Browser, Page

from llamacpp import model_file  # isort: skip

ROUNDS = 6
TOKENS = 32
PROMPT = "The quick brown fox jumps over the lazy dog near the river while the sun is setting slowly. " * 12
SIDES = ("ours", "stock")


def engine(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Tokens a second of SmolLM2, as Q4_1 and as Q8_0, on one thread and on two."""
    q4_1, files = model_file(), engine_files()
    with tempfile.TemporaryDirectory() as folder:
        q8_0 = Path(folder) / "Q8_0.gguf"
        _as_q8_0(q4_1, q8_0)
        for kind, model in (("Q4_1", q4_1), ("Q8_0", q8_0)):
            for threads in (1, 2) if (os.cpu_count() or 1) > 1 else (1,):
                with peer_page(browser, site, files) as page:
                    got = _in_turns(page, model, threads)
                for stage, goal in (("decode", 4), ("prefill", 6)):
                    speed = {side: median([one[stage] for one in got[side]]) for side in got}
                    name = f"llama.cpp: {stage}, {kind}, {threads} thread{'s' * (threads > 1)}"
                    yield at_least(f"{name}, ÷ wllama's wasm", speed["ours"] / speed["stock"], "ratio", goal)
                    share = 0.5 if stage == "decode" else 0.3
                    yield at_least(f"{name}, ÷ native", speed["ours"] / speed["native"], "ratio", share)
                    yield told(name, speed["ours"], "tokens/s")


def engine_files(*programs: str) -> dict[str, Path]:
    """What a page of wllama's wasm and ours needs under /peer/: our `relaxed` as "ours", and others."""
    files = {"engine_peer.js": ROOT / "tests" / "bench" / "engine_peer.js"}
    for side, program in (("ours", "relaxed"), *zip(programs, programs, strict=True)):
        for kind in (".js", ".wasm"):
            files[side + kind] = _built(f"assets/llamacpp-{program}-", kind)
    return files


def start_sides(page: Page, files: list[Path], threads: int, sides: Iterable[str] = SIDES) -> None:
    """Starts engines with the same model as `window.sides`."""
    page.set_content('<input type="file" multiple>')
    page.set_input_files("input", files)
    page.evaluate(
        """async ({ names, threads }) => {
            const { start } = await import("/peer/engine_peer.js");
            const files = [...document.querySelector("input").files];
            window.sides = {};
            for (const side of names) window.sides[side] = await start(side, files, threads);
        }""",
        {"names": list(sides), "threads": threads},
    )


def end_sides(page: Page) -> None:
    page.evaluate("() => Promise.all(Object.values(sides).map((side) => side.end()))")


def _built(start: str, end: str) -> Path:
    built: dict[str, Any] = json.loads((ROOT / "dist" / "build.json").read_text())["files"]
    return ROOT / "dist" / next(name for name in built if name.startswith(start) and name.endswith(end))


def _in_turns(page: Page, model: Path, threads: int) -> dict[str, list[dict[str, float]]]:
    """Times of each side. The first answer of each is left out: browsers compile beside it."""
    start_sides(page, [model], threads)
    native = _native(model, threads)
    times: dict[str, list[dict[str, float]]] = {side: [] for side in (*SIDES, "native")}
    for number in range(1 + ROUNDS):
        prompt = f"{number} {PROMPT}"
        for side in SIDES:
            how = {"side": side, "prompt": prompt, "tokens": TOKENS}
            got = page.evaluate("({ side, prompt, tokens }) => sides[side].time(prompt, tokens)", how)
            times[side].append(got)
        times["native"].append(native(prompt))
    end_sides(page)
    return {side: each[1:] for side, each in times.items()}


def native_server(model: Path, threads: int) -> xllamacpp.Server:
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx, params.n_parallel, params.n_batch, params.n_ubatch = 2048, 1, 256, 256
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = -1
    params.warmup = False
    return xllamacpp.Server(params)


def _native(model: Path, threads: int) -> Callable[[str], dict[str, float]]:
    server = native_server(model, threads)

    def time(prompt: str) -> dict[str, float]:
        request = {
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": TOKENS,
            "temperature": 0,
            "ignore_eos": True,
            "cache_prompt": False,
        }
        timings = server.handle_chat_completions(request)["timings"]
        return {"prefill": timings["prompt_per_second"], "decode": timings["predicted_per_second"]}

    return time


def _as_q8_0(source: Path, to: Path) -> None:
    """The same model with its matrices as Q8_0."""
    reader = GGUFReader(source)
    writer = GGUFWriter(to, "llama")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        kind, *inner = field.types
        writer.add_key_value(field.name, field.contents(), kind, inner[0] if inner else None)
    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type)
        wide = tensor.tensor_type != GGMLQuantizationType.F32
        packed = quantize(values, GGMLQuantizationType.Q8_0) if wide else values.astype(np.float32)
        kind = GGMLQuantizationType.Q8_0 if wide else GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, packed, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
