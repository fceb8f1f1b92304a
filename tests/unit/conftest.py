"""Property tests run on busy machines: what counts is the property, not the time."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("alcove", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("alcove")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sessions write their files there, and not into the home of whoever runs the tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"
