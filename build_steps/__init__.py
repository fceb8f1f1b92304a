"""The steps of build.py. Standard library only: they run on a bare Python 3.11."""
