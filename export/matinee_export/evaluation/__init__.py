"""Evaluation: full ranking of held-out rows, metrics, significance and baselines."""
