"""Readers: a dataset folder in any layout that is known, to tables of movies and reviews."""
