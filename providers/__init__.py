"""Amplifier provider modules, each reachable through the entry points of `pyproject.toml`."""
