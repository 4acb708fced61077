"""Embedding: every review and poster to a vector, once, resumable, here or on a Ray cluster."""
