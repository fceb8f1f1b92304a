"""Shared by the tests of models that see: a small pair in a worker, and pictures to show it."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from hub import Hub
from PIL import Image
from playwright.sync_api import Page
from vision_models import MLP, Shape, file_entry, model_entry, write_pair

# Makes pictures of their descriptions, in place: see `file` and `pixels`.
_MATERIALISE = """
const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const made = async ({ kind, data, type, width, height }) => {
  if (kind === "file") return new Blob([bytesOf(data)], { type });
  if (kind === "bitmap") return createImageBitmap(new Blob([bytesOf(data)]));
  return { data: bytesOf(data), width, height };
};
for (const { content } of request.messages) {
  for (const part of Array.isArray(content) ? content : []) {
    if (part.image?.kind) part.image = await made(part.image);
  }
}
"""

LOOK = (
    """
async ({ request, stopMs }) => {
"""
    + _MATERIALISE
    + """
  const answer = { text: "", calls: [], error: null };
  const began = performance.now();
  const running = engine.call("complete", { request }, (chunk) => {
    const { delta, finish_reason } = chunk.choices[0];
    answer.text += delta.content ?? "";
    answer.calls.push(...(delta.tool_calls ?? []));
    if (finish_reason) { answer.finish = finish_reason; answer.usage = chunk.usage; }
  });
  if (stopMs !== null) setTimeout(() => { answer.stopped = performance.now(); running.cancel(); }, stopMs);
  await running.done.catch((error) => { answer.error = error; });
  answer.ms = performance.now() - began;
  if (answer.stopped) answer.stopMs = performance.now() - answer.stopped;
  return answer;
}
"""
)


def file(data: bytes, kind: str = "image/png") -> dict[str, Any]:
    """A picture's file, as a Blob."""
    return {"kind": "file", "data": base64.b64encode(data).decode(), "type": kind}


def bitmap(data: bytes) -> dict[str, Any]:
    """A picture's file, as an ImageBitmap."""
    return {"kind": "bitmap", "data": base64.b64encode(data).decode()}


def pixels(image: Image.Image, mode: str = "RGB") -> dict[str, Any]:
    """The picture as an array of bytes."""
    data = image.convert(mode).tobytes()
    width, height = image.size
    return {
        "kind": "pixels",
        "data": base64.b64encode(data).decode(),
        "width": width,
        "height": height,
    }


def encode(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of this form."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def look(
    page: Page,
    *pictures: dict[str, Any],
    text: str = "Describe.",
    stop_ms: float | None = None,
    before: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """What `engine` says of pictures: {text, calls, finish, usage, error, ms, stopMs}."""
    parts = [
        picture if "type" in picture and "kind" not in picture else {"type": "image", "image": picture}
        for picture in pictures
    ]
    message = {"role": "user", "content": [*parts, {"type": "text", "text": text}]}
    request = {"messages": [*(before or []), message], "temperature": 0, "max_tokens": 4, **fields}
    return page.evaluate(f"(options) => ({LOOK})(options)", {"request": request, "stopMs": stop_ms})


def publish(hub: Hub, pair: tuple[Path, Path], repository: str = "alcove/pair") -> list[dict[str, Any]]:
    """Puts a pair on the hub; its entries for a model's `files`."""
    for path in pair:
        hub.files[f"{repository}/{path.name}"] = path.read_bytes()
    return [file_entry(path, hub.address(f"{repository}/{path.name}")) for path in pair]


def small_model(
    hub: Hub, folder: Path, name: str = "mlp", shape: Shape = MLP, **fields: Any
) -> dict[str, Any]:
    """A pair written into `folder`, published, and described."""
    return {**model_entry(name, publish(hub, write_pair(folder, name, shape)), shape), **fields}
