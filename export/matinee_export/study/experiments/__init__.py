"""The study's experiments: all models on a split, the leak test, fold-in, sweeps, ablation and published figures."""
