"""Readers, which parse a dataset folder in any known layout into tables of movies and reviews."""
