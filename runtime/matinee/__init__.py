"""Matinee runtime: opens a bundle anywhere and recommends from it."""
