"""Answers from documents: whether a small model is shown the right source, answers rightly, invents none."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import agents_measure
from lab import Figure, SiteServer, at_least, at_most, told, visit
from playwright.sync_api import Browser, Page
from shelf_questions import QUESTIONS, SHELF, Question

from build_steps import models

_LONGEST_MS = 900_000
_NUMBERED = re.compile(r"\[(\d+)\]")

_ADD = """
async (shelf) => {
  const ids = [];
  for (const [name, text] of Object.entries(shelf)) {
    const { id } = await alcove.documents.add(new File([text], name));
    ids.push(id);
  }
  for (;;) {
    const all = await alcove.documents.list();
    if (all.every(({ understood, passages }) => understood === passages)) return ids;
    await new Promise((done) => alcove.documents.addEventListener("change", done, { once: true }));
  }
}
"""
_ASK = """
async ({ text, model, documents }) => {
  const config = { temperature: 0, max_tokens: 120 };
  const plan = { providers: [{ module: "provider-llamacpp", config }] };
  const chat = await alcove.openSession({ model, documents, plan });
  const said = { text: "", sources: [] };
  for await (const event of chat.send(text)) {
    if (event.type === "text") said.text += event.text;
    if (event.type === "sources") said.sources = event.sources;
  }
  await alcove.conversations.remove(chat.id);
  return said;
}
"""


def documents_answers(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Qwen2.5-Coder-0.5B in the direct mode, each question in a conversation of its own."""
    questions = QUESTIONS[:: agents_measure.every]
    with visit(browser, site) as page:
        page.set_default_timeout(_LONGEST_MS)
        extra = models.extra(agents_measure.LARGE)
        model = agents_measure.import_model(page, models.model_file(extra, 0))
        ids = page.evaluate(_ADD, SHELF)
        said = [_ask(page, question, model, ids) for question in questions]
    pairs = list(zip(questions, said, strict=True))
    inside = [(question, one) for question, one in pairs if question.document]
    outside = [one for question, one in pairs if not question.document]
    shown = sum(
        any(source["name"] == question.document for source in one["sources"]) for question, one in inside
    )
    cited = sum(_cites(one, question) for question, one in inside)
    right = sum(bool(re.search(question.answer, one["text"])) for question, one in inside)
    invented = sum(len(_invented(one)) for one in said)
    name = "documents: Qwen2.5-Coder-0.5B"
    yield at_least(f"{name}: right source among those shown", 100 * shown / len(inside), "%", 90)
    yield told(f"{name}: right source cited", 100 * cited / len(inside), "%")
    yield told(f"{name}: right answer", 100 * right / len(inside), "%")
    yield told(f"{name}: numbers that are no source, and so no links", invented, "")
    yield at_most(
        f"{name}: asked where nothing was found", sum(bool(one["sources"]) for one in outside), "", 0
    )


def _ask(page: Page, question: Question, model: str, documents: list[str]) -> dict[str, Any]:
    said = page.evaluate(_ASK, {"text": question.text, "model": model, "documents": documents})
    if os.environ.get("ALCOVE_BENCH_SHOW"):
        print(f"  {question.text} → {said['text']} {len(said['sources'])} sources", flush=True)
    return said


def _numbers(said: dict[str, Any]) -> set[int]:
    return {int(number) for number in _NUMBERED.findall(said["text"])}


def _cites(said: dict[str, Any], question: Question) -> bool:
    named = _numbers(said)
    return any(source["n"] in named and source["name"] == question.document for source in said["sources"])


def _invented(said: dict[str, Any]) -> set[int]:
    return _numbers(said) - {source["n"] for source in said["sources"]}
