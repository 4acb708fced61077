"""The study's experiments: splits, leaks, fold-in, sweeps and published figures."""
