"""SmolLM2 135M Tools: its adapter is trained, and merged into the model."""
