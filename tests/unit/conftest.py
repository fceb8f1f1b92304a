"""Property tests run on busy machines: what counts is the property, not the time."""

from hypothesis import HealthCheck, settings

settings.register_profile("alcove", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("alcove")
