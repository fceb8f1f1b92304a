"""The package for npm: what it holds, and its types."""
