"""Compiles our WebLLM model libraries. Runs where TVM and Emscripten are: `python3 build.py models`."""
