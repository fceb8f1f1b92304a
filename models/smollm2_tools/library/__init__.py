"""The tools of the training data and of the evaluation."""
