"""How scene-vlm, our vision-language model, is trained anew (`build.py models scene-vlm`)."""
