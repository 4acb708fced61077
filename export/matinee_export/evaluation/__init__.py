"""Evaluation of models by full ranking on held-out rows: metrics, significance tests and baselines."""
