"""Every module of ours passes amplifier_core's structural and behavioural validation."""

from __future__ import annotations

import importlib.metadata

import pytest
from amplifier_core.validation import (
    ContextValidator,
    HookValidator,
    OrchestratorValidator,
    ProviderValidator,
    ToolValidator,
)
from amplifier_core.validation.behavioral import (
    ContextBehaviorTests,
    HookBehaviorTests,
    OrchestratorBehaviorTests,
    ProviderBehaviorTests,
    ToolBehaviorTests,
)
from amplifier_core.validation.structural import (
    ContextStructuralTests,
    HookStructuralTests,
    OrchestratorStructuralTests,
    ProviderStructuralTests,
    ToolStructuralTests,
)

from py_app.tools.built_in import MODULES


class TestLoop(OrchestratorBehaviorTests, OrchestratorStructuralTests):
    package = "py_app.loop"


class TestContext(ContextBehaviorTests, ContextStructuralTests):
    package = "py_app.context"


class TestHook(HookBehaviorTests, HookStructuralTests):
    package = "py_app.hooks"


class TestTool(ToolBehaviorTests, ToolStructuralTests):
    package = "py_app.tools"


class TestLlamacpp(ProviderBehaviorTests, ProviderStructuralTests):
    package = "providers.llamacpp"


class TestOpenAI(ProviderBehaviorTests, ProviderStructuralTests):
    package = "providers.openai"


class TestWebLLM(ProviderBehaviorTests, ProviderStructuralTests):
    package = "providers.webllm"


CONFIG = {"tools": [{"name": "add", "description": "Adds.", "inputSchema": {"type": "object"}}]}


@pytest.mark.parametrize(
    ("entry_point", "validator"),
    [
        ("loop-alcove", OrchestratorValidator),
        ("context-alcove", ContextValidator),
        ("hooks-alcove-page", HookValidator),
        ("tool-alcove-page", ToolValidator),
        *((module, ToolValidator) for module in MODULES.values()),
        ("provider-llamacpp", ProviderValidator),
        ("provider-openai", ProviderValidator),
        ("provider-webllm", ProviderValidator),
    ],
)
async def test_entry_points_lead_to_valid_modules(entry_point, validator):
    (found,) = [
        e for e in importlib.metadata.entry_points(group="amplifier.modules") if e.name == entry_point
    ]
    result = await validator().validate(found.module, config=CONFIG)
    assert result.passed, result.errors
    assert not [check for check in result.checks if check.severity == "warning"], result.checks
