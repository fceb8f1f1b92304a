"""scene-vlm: a small vision-language model of our own, trained on drawn scenes (README.md is its card)."""
