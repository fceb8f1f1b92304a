"""amplifier_core's own suites for a Context module, run by test_validation.py."""

from amplifier_core.validation.behavioral import ContextBehaviorTests
from amplifier_core.validation.structural import ContextStructuralTests


class TestContextStructure(ContextStructuralTests):
    pass


class TestContextBehaviour(ContextBehaviorTests):
    pass
