"""Weights: which ones an encoder gets, from the hub, a folder, a package or a seed."""
