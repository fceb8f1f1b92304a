"""Which provider and model a sub-agent has, where whoever lets it work would rather have one than another."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from typing import cast

from amplifier_core.interfaces import Provider

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.agents.plan import AgentError, config_of
from py_app.provider import models_of

_WILD = frozenset("*?[")
_KEPT = frozenset({"api_key", "base_url", "host", "organization", "project", "proxy", "token", "secret"})
"""Settings of a provider that say where it asks and as whom: a preference does not change them."""


async def prefer(plan: Json, preferences: Sequence[object], parent: Coordinator) -> None:
    """Put the first preference that can be had at the head of the plan's providers.

    A preference is {"provider", "model", "config"?}, or an object with these attributes; `provider` is a
    module's name, with or without "provider-", or an entry's id; `model` may be a pattern ("qwen*"), which is
    looked up among the models of the parent's provider. Raises AgentError where none of them can be had.
    """
    providers: list[Json] = plan["providers"]
    for preference in map(plain, preferences):
        wanted = str(preference.get("provider") or "")
        entry = next((each for each in providers if wanted in _names(each)), None)
        if entry is None:
            continue
        model = await _model(str(preference.get("model") or ""), _mounted(entry, parent))
        if model is None:
            continue
        more = {key: value for key, value in config_of(preference).items() if key not in _KEPT}
        config = {**config_of(entry), **more, **({"model": model} if model else {}), "priority": 0}
        plan["providers"] = [{**entry, "config": config}, *(each for each in providers if each is not entry)]
        # The orchestrator's own choice, which was made for the parent.
        config_of(plan["session"].get("orchestrator")).pop("provider", None)
        return
    wanted = ", ".join(f"{p.get('provider')}/{p.get('model')}" for p in map(plain, preferences))
    had = ", ".join(str(each.get("module")) for each in providers)
    raise AgentError(f"None of the preferred models can be had: {wanted}. The providers are: {had}.")


def plain(preference: object) -> Json:
    """A preference as JSON."""
    if isinstance(preference, dict):
        return cast(Json, preference)
    return {name: getattr(preference, name, None) for name in ("provider", "model", "config")}


def _names(entry: Json) -> set[str]:
    module = str(entry.get("module") or "")
    named = {str(entry[key]) for key in ("id", "instance_id") if entry.get(key)}
    return {module, module.removeprefix("provider-"), *named}


def _mounted(entry: Json, parent: Coordinator) -> Provider | None:
    mounted = parent.get("providers")
    return next((mounted[name] for name in _names(entry) if name in mounted), None)


async def _model(wanted: str, provider: Provider | None) -> str | None:
    """The model's name; None where a pattern fits none. Of several the last by name is the newest, mostly."""
    if not _WILD.intersection(wanted):
        return wanted
    models = [model.id for model in await models_of(provider)] if provider else []
    fitting = [model for model in models if fnmatch(model.lower(), wanted.lower())]
    return max(fitting, default=None)
