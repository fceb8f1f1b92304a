"""SmolLM2 135M Tools: how the adapter was made that teaches SmolLM2-135M to use tools (README.md)."""
