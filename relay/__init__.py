"""`build.py vila`: a ViLA endpoint on this machine, answered by a tab's vision model or by llama.cpp."""
