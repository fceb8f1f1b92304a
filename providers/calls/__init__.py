"""Tool calls in the text that a model writes: a file for each spelling, and `reader.py`, which reads them."""
