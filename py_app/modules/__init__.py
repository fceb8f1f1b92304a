"""Modules that a person brings: their wheels, and where a plan says that they come from."""
