"""amplifier_core's own suites for a Tool module, run by test_validation.py."""

from amplifier_core.validation.behavioral import ToolBehaviorTests
from amplifier_core.validation.structural import ToolStructuralTests


class TestToolStructure(ToolStructuralTests):
    pass


class TestToolBehaviour(ToolBehaviorTests):
    pass
