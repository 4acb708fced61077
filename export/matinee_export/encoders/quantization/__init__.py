"""Quantization: the reduced-precision variants of a network."""
