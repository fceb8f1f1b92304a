"""How well documents are found, and how fast they are read and searched."""

from __future__ import annotations

import base64
import json
import math
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lab import ROOT, Figure, SiteServer, at_least, at_most, median, told
from playwright.sync_api import Browser

from build_steps import models
from build_steps.bundle import bundle_for_node

from .sets import RetrievalSet, retrieval_sets

sys.path.append(str(ROOT / "tests" / "browser" / "documents"))
from pdf_file import pdf_of

_MODEL = "all-minilm-l6-v2"
_HERE = "tests/bench/documents"
_PASSAGES, _QUERIES, _PAGES = 10_000, 40, 200
_TIMEOUT_S = 3600

# The model of the site, run by llama.cpp itself: the same vectors, and quicker made than in a browser.
_NATIVE = """
import json, sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.embedding = True
params.n_ctx = params.n_batch = params.n_ubatch = 512
params.n_parallel = 1
params.port = 0
params.warmup = False
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
def vector(text):
    reply = server.handle_embeddings({"input": text})
    return reply["data"][0]["embedding"] if "data" in reply else vector(text[: len(text) // 2])
print(json.dumps([vector(text) for text in json.load(sys.stdin)]))
"""

_ADD = """
async (content) => {
  const { openAlcove } = await import("/alcove.js");
  window.alcove ??= await openAlcove();
  await alcove.documents.list();
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const began = performance.now();
  const { pages } = await alcove.documents.add(new File([bytes], "long.pdf"));
  return pages / ((performance.now() - began) / 1000);
}
"""


def documents(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Recall and nDCG on two sets, against words and meaning alone; milliseconds a search; pages a second."""
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as name:
        for questions in retrieval_sets():
            yield from _found(questions, bundle_for_node(Path(name), f"{_HERE}/ranks.ts"))
        times = _run(bundle_for_node(Path(name), f"{_HERE}/speed.ts"), _library())
    about = f"documents: a search among {_PASSAGES:,} passages with vectors, processor time"
    yield at_most(about, median(times), "ms", 50)
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(_TIMEOUT_S * 1000)
    page.goto(f"{site.url}build.json")
    yield at_least("documents: text PDF, read and indexed", page.evaluate(_ADD, _long_pdf()), "pages/s", 20)
    context.close()


def _found(asked: RetrievalSet, script: Path) -> Iterator[Figure]:
    job: dict[str, Any] = {"documents": asked.documents, "questions": asked.questions, "model": _MODEL}
    passages: list[tuple[int, str]] = _run(script, job)
    texts = [text for _, text in passages]
    vectors = _vectors([*texts, *(question for question, _, _ in asked.questions)])
    known = {key: vector for (key, _), vector in zip(passages, vectors[: len(texts)], strict=True)}
    ranks = _run(script, {**job, "passages": known, "vectors": vectors[len(texts) :]})
    about = f"documents, {asked.name}: {len(asked.questions)} questions, {len(passages):,} passages"
    for what, score in (("recall@5", _recall), ("nDCG@10", _ndcg)):
        words, meaning, both = (score(places) for places in zip(*ranks, strict=True))
        yield told(f"{about}: {what}, words alone", words, "")
        yield told(f"{about}: {what}, meaning alone", meaning, "")
        yield at_least(f"{about}: {what}, both", both, "", round(max(words, meaning), 3))


def _recall(places: Sequence[int]) -> float:
    return sum(0 < place <= 5 for place in places) / len(places)


def _ndcg(places: Sequence[int]) -> float:
    """Of one answer to each question."""
    return sum(1 / math.log2(place + 1) for place in places if place) / len(places)


def _vectors(texts: list[str]) -> list[list[float]]:
    [model] = [model for model in models.catalogue() if model["id"] == _MODEL]
    command = [sys.executable, "-c", _NATIVE, str(models.model_file(model, 0))]
    return _output(command, texts)


def _run(script: Path, job: Any) -> Any:
    return _output(["node", str(script)], job)


def _output(command: list[str], job: Any) -> Any:
    done = subprocess.run(
        command,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=_TIMEOUT_S,
        check=True,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def _library() -> dict[str, list[str]]:
    """Passages of words as often as words are: the nth is there once where the first is n times."""
    chance = random.Random(1)
    words = [f"{chance.choice('bdfgklmnprst')}{chance.choice('aeiou')}{number:x}" for number in range(20_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    passages = [" ".join(chance.choices(words, weights, k=130)) for _ in range(_PASSAGES)]
    return {
        "passages": passages,
        "queries": [" ".join(chance.choices(words, weights, k=6)) for _ in range(_QUERIES)],
    }


def _long_pdf() -> str:
    line = "The keeper of the lighthouse wrote down what the sea and the sky were like that day."
    pages = [[f"{number}. {line} {row}" for row in range(45)] for number in range(_PAGES)]
    return base64.b64encode(pdf_of(pages)).decode()
