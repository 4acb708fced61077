"""Hostile inputs made from a seed: each must be answered right or refused in one sentence, soon and in small memory."""
