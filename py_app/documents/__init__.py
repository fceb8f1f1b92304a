"""Documents of the person's: what of them a model is given to answer from, and the sources that it names."""
