"""Our WebLLM models: sizes, conversion and files for every build, and how they are made anew."""
