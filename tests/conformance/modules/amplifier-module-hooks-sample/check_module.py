"""amplifier_core's own suites for a Hook module, run by test_validation.py."""

from amplifier_core.validation.behavioral import HookBehaviorTests
from amplifier_core.validation.structural import HookStructuralTests


class TestHookStructure(HookStructuralTests):
    pass


class TestHookBehaviour(HookBehaviorTests):
    pass
