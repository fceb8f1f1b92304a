"""Agents: bundles in Amplifier's own shape, and sub-agents, which work for another session."""
