"""How a test asks the interpreter: as the `python` tool does, without a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RUN = """async ([code, seconds]) => {
  try {
    return await chat.callTool("alcove:python", { code, seconds, files: [], namespace: "notes" });
  } catch (error) {
    return { failed: error.code, detail: error.detail };
  }
}"""

Run = Callable[..., dict[str, Any]]
