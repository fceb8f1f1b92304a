"""What a server says of its models (GET /models)."""

from __future__ import annotations

from typing import cast

from providers.json_types import Json
from providers.openai.settings import ServerSettings


def listed(entries: list[Json], settings: ServerSettings) -> list[Json]:
    """The entries as an engine describes its models; a configured model that is not among them is added."""
    specs = [_spec(entry, settings) for entry in entries]
    if settings.model and all(spec["id"] != settings.model for spec in specs):
        specs.append(_spec({"id": settings.model}, settings))
    return specs


def unknown_to_llama_server(model: str, entries: list[Json]) -> bool:
    """Whether these are all the models of a llama-server, and `model` is none of them.

    Other servers may know more names than they list: Ollama takes a name without its tag.
    """
    if not entries or any(entry.get("owned_by") != "llamacpp" for entry in entries):
        return False
    names = {name for entry in entries for name in (entry["id"], *(entry.get("aliases") or ()))}
    return model not in names


def _spec(entry: Json, settings: ServerSettings) -> Json:
    return {
        "id": entry["id"],
        "name": entry.get("name") or entry["id"],
        "context": settings.context_window or _window(entry),
        "engine": "openai",
        "sees": _sees(entry),
    }


def _sees(entry: Json) -> bool:
    """False only if the server says that this model takes text only; most servers say nothing."""
    architecture = entry.get("architecture")  # OpenRouter
    if not isinstance(architecture, dict):
        return True
    kinds = cast(Json, architecture).get("input_modalities")
    return not isinstance(kinds, list) or "image" in kinds


def _window(entry: Json) -> int:
    """Tokens; 0 where the server does not say."""
    meta = entry.get("meta")
    fields = {**entry, **(cast(Json, meta) if isinstance(meta, dict) else {})}
    # llama-server; vLLM; OpenRouter and LM Studio; Groq. `n_ctx_train` is not what is open.
    for name in ("n_ctx", "max_model_len", "context_length", "context_window"):
        if isinstance(fields.get(name), int):
            return fields[name]
    return 0
