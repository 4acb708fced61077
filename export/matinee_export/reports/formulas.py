"""What the figures of a report mean, in words and formulas: printed wherever figures are. Data only."""

from __future__ import annotations

COLUMNS = ("ndcg@10", "map", "precision@10", "recall@10", "auc", "coverage@10", "novelty@10")
"""Metrics in a table of models, in order."""

ASKED = (
    "Every user's whole catalogue minus what they had seen is ranked. Relevant (R of them) are held-out ratings of at "
    "least 7 that were really given; users without one are left out. r_j is the rank of the j-th relevant movie, N the "
    "number of candidates."
)
"""What the figures are of, and the letters of the formulas."""

FORMULAS = (
    "nDCG@10 = sum over r_j <= 10 of 1 / log2(r_j + 1), over its best possible value",
    "MAP = mean over j of j / r_j, over the full ranking",
    "precision@10 = hits in the first 10 / 10; recall@10 = hits in the first 10 / R",
    "AUC = share of (relevant, other) pairs ranked in the right order",
    "coverage@10 = share of the catalogue that is in anybody's first 10",
    "novelty@10 = mean of -log2 of the share of users who liked what is listed, in bits",
)
"""One line for each of `COLUMNS`, or two of them."""
