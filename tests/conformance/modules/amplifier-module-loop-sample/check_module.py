"""amplifier_core's own suites for a Orchestrator module, run by test_validation.py."""

from amplifier_core.validation.behavioral import OrchestratorBehaviorTests
from amplifier_core.validation.structural import OrchestratorStructuralTests


class TestOrchestratorStructure(OrchestratorStructuralTests):
    pass


class TestOrchestratorBehaviour(OrchestratorBehaviorTests):
    pass
