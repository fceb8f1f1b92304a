"""Agents: whether a model calls the right tool, with the right arguments, and none where none is needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent_prompts import PROMPTS, SYSTEM, TOOLS, Prompt, right_arguments
from lab import Figure, SiteServer, at_least, told, visit
from playwright.sync_api import Browser, Page

from build_steps import models
from models.smollm2_tools.evaluate import GOALS, Evaluation

from browsers import CHROMIUM_FLAGS, GPU_FLAGS, chromium_path  # isort: skip

SMALL, TAUGHT, LARGE = "smollm2-135m-instruct", "smollm2-135m-tools", "qwen2.5-coder-0.5b"
_LONGEST_MS = 900_000
_LISTS, _QUESTIONS = 20, 60
_ON_SOFTWARE = 2
"""Prompts that a graphics card which the processor plays is asked: each takes minutes."""
every = 1
"""Of the prompts one in so many: `build.py bench agents --every N` asks less."""
# An answer that still holds this had a call in it that nobody recognised.
_WRITTEN = re.compile(
    r"""["'](?:name|tool|function)["']\s*:\s*["'](?:{0})["']|^\s*(?:{0})\(|<tool_call>|\[TOOL_CALLS\]""".format(
        "|".join(tool["name"] for tool in TOOLS)
    ),
    re.MULTILINE,
)

# One prompt in a conversation of its own, until the first call or the end of the answer.
_ASK = """
async ({ text, model, engine, system, tools, required }) => {
  const chat = await alcove.openSession({
    model,
    system,
    tools: tools.map((tool) => ({ ...tool, sideEffects: false, execute: () => "done" })),
    plan: {
      session: { orchestrator: { module: "loop-alcove",
        config: { max_iterations: 1, ...(required ? { tool_choice: "required" } : {}) } } },
      providers: [{ module: `provider-${engine}`, config: { temperature: 0, max_tokens: 160 } }],
    },
  });
  const said = { text: "", calls: [] };
  for await (const event of chat.send(text)) {
    if (event.type === "text") said.text += event.text;
    if (event.type === "tool" && event.phase === "end")
      said.calls.push({ name: event.name, input: event.input, success: event.success });
  }
  await alcove.conversations.remove(chat.id);
  return said;
}
"""


def agents(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """
    Qwen2.5-Coder-0.5B and SmolLM2-135M Tools as they like, on llama.cpp, and SmolLM2-135M where it must call
    a tool, on both engines; then all three on the cases that SmolLM2-135M Tools is measured by.
    """
    prompts = PROMPTS[::every]
    acting = [prompt for prompt in prompts if prompt.tool]
    with visit(browser, site) as page:
        page.set_default_timeout(_LONGEST_MS)
        yield from _forced(page, acting, SMALL, "llamacpp")
        model = import_model(page, models.model_file(models.extra(LARGE), 0))
        yield from _free(page, model, prompts, "Qwen2.5-Coder-0.5B")
        taught = import_model(page, models.model_file(models.extra(TAUGHT), 0))
        yield from _free(page, taught, prompts, "SmolLM2-135M Tools")
        yield from _cases(page, taught, "SmolLM2-135M Tools", goals=True)
        yield from _cases(page, SMALL, "SmolLM2-135M", goals=False)
        yield from _cases(page, model, "Qwen2.5-Coder-0.5B", goals=False)
    flags = [*CHROMIUM_FLAGS, *GPU_FLAGS]
    own = browser.browser_type.launch(executable_path=chromium_path(), args=flags)
    with visit(own, site) as page:
        page.set_default_timeout(_LONGEST_MS)
        if page.evaluate("alcove.capabilities.webgpu.software"):
            acting = acting[:_ON_SOFTWARE]
        yield from _forced(page, acting, f"{SMALL}-webllm", "webllm")
    own.close()


def import_model(page: Page, path: Path) -> str:
    """Imports a model as a person does; returns its id."""
    page.evaluate(
        """() => {
            const input = Object.assign(document.createElement("input"), { type: "file", id: "bench-file" });
            document.body.append(input);
        }"""
    )
    page.set_input_files("#bench-file", path)
    return page.evaluate(
        "async () => (await alcove.models.importFile(document.querySelector('#bench-file').files[0])).id"
    )


def _ask(
    page: Page, prompt: Prompt, model: str, engine: str = "llamacpp", *, required: bool = False
) -> dict[str, Any]:
    about = {"text": prompt.text, "model": model, "engine": engine, "required": required}
    said = page.evaluate(_ASK, {**about, "system": SYSTEM, "tools": TOOLS})
    if os.environ.get("ALCOVE_BENCH_SHOW"):
        print(f"  {prompt.text} → {said}", flush=True)
    return said


def _free(page: Page, model: str, prompts: list[Prompt], who: str) -> Iterator[Figure]:
    tool = arguments = none = recognised = written = 0
    for prompt in prompts:
        said = _ask(page, prompt, model)
        calls = said["calls"]
        recognised += len(calls)
        written += len(calls) + len(_WRITTEN.findall(said["text"]))
        if prompt.tool is None:
            none += not calls
        elif calls and calls[0]["name"] == prompt.tool:
            tool += 1
            arguments += right_arguments(prompt, calls[0]["input"])
    needing = sum(prompt.tool is not None for prompt in prompts)
    name = f"agents: {who}, llama.cpp"
    yield at_least(f"{name}: calls recognised", 100 * recognised / max(1, written), "%", 100)
    yield told(f"{name}: right tool", 100 * tool / needing, "%")
    yield at_least(f"{name}: right tool and arguments", 100 * arguments / needing, "%", 75)
    yield at_least(f"{name}: none where none is needed", 100 * none / (len(prompts) - needing), "%", 90)


def _forced(page: Page, prompts: list[Prompt], model: str, engine: str) -> Iterator[Figure]:
    """A call that the tool took is a valid one: its arguments were checked before."""
    said = [_ask(page, prompt, model, engine, required=True) for prompt in prompts]
    valid = sum(len(one["calls"]) == 1 and one["calls"][0]["success"] for one in said)
    right = sum(
        one["calls"][0]["name"] == prompt.tool
        for one, prompt in zip(said, prompts, strict=True)
        if one["calls"]
    )
    name = f"agents: SmolLM2-135M, {engine}, forced"
    yield told(f"{name}: prompts", len(prompts), "")
    yield at_least(f"{name}: valid calls", 100 * valid / len(prompts), "%", 100)
    yield told(f"{name}: right tool", 100 * right / len(prompts), "%")


class _Tab:
    """A model of the page, as `Evaluation` asks it."""

    def __init__(self, page: Page, model: str) -> None:
        self._page = page
        self._model = model

    def chat(self, messages: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
        """See `Asked`."""
        request = {"model": self._model, "temperature": 0, "messages": messages, **settings}
        completion = self._page.evaluate("(request) => alcove.complete(request)", request)
        message = completion["choices"][0]["message"]
        calls = [call["function"] for call in message.get("tool_calls") or []]
        return {"text": message["content"] or "", "calls": calls}


def _cases(page: Page, model: str, name: str, *, goals: bool) -> Iterator[Figure]:
    """Those of models/smollm2_tools/evaluate.py, one in `every`; `goals`: the card's hold for this model."""
    evaluation = Evaluation(_Tab(page, model))
    evaluation.run(max(1, _LISTS // every), _QUESTIONS // every)
    for what, (right, asked) in evaluation.shares().items():
        figure = f"agents: {name}: {what}"
        share = 100 * right / asked
        yield (
            at_least(figure, share, "%", GOALS[what]) if goals and what in GOALS else told(figure, share, "%")
        )
