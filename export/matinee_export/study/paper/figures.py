"""The figures published in the paper, by table; every figure is a share, 0 to 1.

From Cooper, de Pineda, Ramon, "A Multi-Modal Approach to Movie Recommendation: Text and Image Synergy", section 4. Each
figure is filed under the metric of ours that it most likely is; the paper does not state its k.
"""

from __future__ import annotations

from collections.abc import Mapping

TRAIN_AUC = {50: 0.9236, 100: 0.9251, 200: 0.9203, 500: 0.9122, 1000: 0.9050}
"""Table 1: AUC on train rows by number of factors; the paper prints the last size as 10000."""

FIGURES: Mapping[int, Mapping[str, float]] = {
    2: {"map": 0.0103, "ndcg@10": 0.0241, "auc": 0.8661},
    3: {"map": 0.0724, "ndcg@10": 0.1157},
    4: {"map": 0.1187, "precision@10": 0.2785, "recall@10": 0.2617},
    5: {"map": 0.0132, "precision@10": 0.0130, "recall@10": 0.0006},
    6: {"map": 0.0134, "precision@10": 0.0145, "recall@10": 0.0237},
}
"""Tables 2 to 6, by number: value of each metric."""
