"""A caller of an engine's worker on a bare page of the site, and llama.cpp's worker started for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from browsers import ANSWER_MS, ROOT
from playwright.sync_api import BrowserContext, Page

from build_steps import models
from build_steps.serve import SiteServer

# A minimal caller of the worker's calls (workers/wire/rpc.ts), on a page that has nothing else.
CALLER = """
(worker) => {
  const waiting = new Map();
  let next = 1;
  worker.onmessage = ({ data }) => {
    const call = waiting.get(data.id);
    if (!call) return;
    if (data.rpc === "item") return call.item(data.item);
    waiting.delete(data.id);
    if (data.rpc === "reply") call.resolve(data.value);
    else call.reject(data.error);
  };
  return {
    call(op, args, item = () => undefined) {
      const id = next++;
      worker.postMessage({ rpc: "call", id, op, args });
      const done = new Promise((resolve, reject) => waiting.set(id, { item, resolve, reject }));
      return { id, done, cancel: () => worker.postMessage({ rpc: "cancel", id }) };
    },
  };
}
"""

# What `new Worker` takes under Trusted Types, by the policy of our own scripts (workers/wire/trusted.ts).
SCRIPT_URL = """
((url) => (globalThis[Symbol.for("alcove.scripts")]
  ??= trustedTypes.createPolicy("alcove", { createScriptURL: (any) => any })).createScriptURL(url))
"""

# Answers of one completion: its text, how it ended, its usage, what was thrown, and when a stop was answered.
_COMPLETE = """
async ({ request, stopAfter, stopMs }) => {
  const answer = { text: "", pieces: 0, calls: [], error: null };
  let stopped = null;
  const stop = () => { stopped ??= performance.now(); running.cancel(); running.cancel(); };
  const running = engine.call("complete", { request }, (chunk) => {
    const { delta, finish_reason } = chunk.choices[0];
    if (delta.content) { answer.text += delta.content; answer.pieces++; }
    if (delta.tool_calls) answer.calls.push(...delta.tool_calls);
    if (finish_reason) { answer.finish = finish_reason; answer.usage = chunk.usage; }
    if (stopAfter !== null && answer.pieces >= stopAfter) stop();
  });
  if (stopMs !== null) setTimeout(stop, stopMs);
  await running.done.catch((error) => { answer.error = error; });
  if (stopped !== null) answer.stopMs = performance.now() - stopped;
  return answer;
}
"""

# What tools say of an argument that no grammar holds, or only a part of it.
ODD_SCHEMAS: list[dict[str, Any]] = [
    {"type": "string", "pattern": "[a-z]+"},
    {"type": "string", "pattern": "^(?!x).+$"},
    {"type": "array", "maxItems": 500, "items": {"type": "string", "maxLength": 10000}},
    {"type": "string", "format": "uri"},
    {"enum": [1, "a", None]},
    {"not": {}},
    {"patternProperties": {"^x": {}}},
    {"$ref": "#/definitions/none"},
    {"type": "array", "items": {"$ref": "#"}},
    {"allOf": [{"type": "string"}, {"minLength": 2}]},
]


def odd_tools() -> list[dict[str, Any]]:
    """A tool for each of them."""
    return [
        {
            "type": "function",
            "function": {
                "name": f"odd_{number}",
                "parameters": {"type": "object", "properties": {"x": schema}, "required": ["x"]},
            },
        }
        for number, schema in enumerate(ODD_SCHEMAS)
    ]


SYSTEM = {"role": "system", "content": "You answer questions in plain English."}


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def complete(
    page: Page,
    messages: list[dict[str, Any]],
    *,
    stop_after: int | None = None,
    stop_ms: float | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """One completion at temperature 0: {text, pieces, calls, finish, usage, error, stopMs}."""
    request = {"messages": messages, "temperature": 0, "seed": 1, "max_tokens": 32, **fields}
    return page.evaluate(
        f"(options) => ({_COMPLETE})(options)",
        {"request": request, "stopAfter": stop_after, "stopMs": stop_ms},
    )


def catalogue_model() -> dict[str, Any]:
    """The default model as the built site knows it: with the names of the parts of its file."""
    spec = json.loads((ROOT / "models/catalogue/smollm2-135m-instruct.json").read_text())
    (file,) = spec["files"]
    stem = file["url"].removesuffix(".gguf")
    built = json.loads((ROOT / "dist/build.json").read_text())["files"]
    names = sorted(name for name in built if name.startswith(f"{stem}.part"))
    file["parts"] = [{"url": name, "bytes": built[name]["bytes"]} for name in names]
    return spec


def model_file() -> Path:
    """The file of the default model, whole."""
    found = next(model for model in models.catalogue() if model["id"] == "smollm2-135m-instruct")
    return models.model_file(found, 0)


def worker_path() -> str:
    built = json.loads((ROOT / "dist/build.json").read_text())["files"]
    return next(name for name in built if name.startswith("assets/llamacpp.worker-") and name.endswith(".js"))


def put_before_worker(site: Path, code: str) -> None:
    """Has `code` run in the engine's worker of a copied site before its own."""
    script = site / worker_path()
    whole = code + script.read_text()
    for twin in site.glob(f"{worker_path()}*"):
        twin.unlink()
    script.write_text(whole)


def start_engine(page: Page, site: SiteServer) -> None:
    """Starts a worker as `window.worker` and its caller as `window.engine`, on a bare page of the site."""
    page.goto(site.url + "build.json")
    page.evaluate(
        f"(path) => {{ window.base = new URL('.', location.href).href;"
        f" window.worker = new Worker({SCRIPT_URL}(base + path), {{ type: 'module', name: 'engine' }});"
        f" window.engine = ({CALLER})(worker); }}",
        worker_path(),
    )


def open_engine(context: BrowserContext, site: SiteServer) -> Page:
    """A page with a worker that holds no model, and as much patience as an engine needs."""
    page = context.new_page()
    page.set_default_timeout(ANSWER_MS)
    start_engine(page, site)
    return page


def load(page: Page, model: dict[str, Any]) -> dict[str, Any]:
    """{loaded, stages, error} of a load."""
    return page.evaluate(
        """async (model) => {
          const stages = [];
          const note = ({ stage }) => { if (stages.at(-1) !== stage) stages.push(stage); };
          try {
            return { loaded: await engine.call("load", { model, base }, note).done, stages, error: null };
          } catch (error) { return { loaded: null, stages, error }; }
        }""",
        model,
    )


def unload_while_answering(
    page: Page, messages: list[dict[str, str]], model: dict[str, Any]
) -> dict[str, Any]:
    """
    How the answer `finish`ed, what the engine `held` then, how a `late` request was refused.

    `model` is loaded again; `id` is the one that the load tells.
    """
    return page.evaluate(
        """async ([messages, model]) => {
          let finish, heard;
          const speaking = new Promise((resolve) => { heard = resolve; });
          const running = engine.call("complete", { request: { messages, max_tokens: 300 } }, (chunk) => {
            if (chunk.choices[0].delta.content) heard();
            finish = chunk.choices[0].finish_reason ?? finish;
          }).done;
          await speaking;
          await engine.call("unload", {}).done;
          await running;
          const { model: held } = await engine.call("describe", {}).done;
          const refused = engine.call("complete", { request: { messages } }).done;
          const late = await refused.catch(({ code }) => code);
          const { id } = await engine.call("load", { model, base }).done;
          return { finish, held, late, id };
        }""",
        [messages, model],
    )
