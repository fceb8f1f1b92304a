"""amplifier_core's own suites for a Provider module, run by test_validation.py."""

from amplifier_core.validation.behavioral import ProviderBehaviorTests
from amplifier_core.validation.structural import ProviderStructuralTests


class TestProviderStructure(ProviderStructuralTests):
    pass


class TestProviderBehaviour(ProviderBehaviorTests):
    pass
