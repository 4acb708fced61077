"""Why a goal is not met, and the best that was found: written by hand, printed in RESULTS.md beside the goal.

In: a row. Out: a sentence or two. A row is known by the beginnings of its work and of its peer, so that a precision or
a setting in the name does not matter.
"""

from __future__ import annotations

from tests.benchmarks.harness import Result

REASONS: dict[tuple[str, str], str] = {
    ("edge install", "fastembed"): (
        "The difference is usearch with simsimd, about 12 MB, which search a large catalogue; fastembed has no search."
    ),
    ("texts to vectors, BERT-base", "the machine's own products in int8"): (
        "The products themselves take less than half of the time. The rest is attention, whose scores onnxruntime "
        "computes in fp32 on x86 (it has no kernel of lower precision), Gelu, and moving what lies between. "
        "Of the machine's bf16 rate, with which torch computes, it is more than half."
    ),
    ("texts to vectors, MiniLM-L6", ""): (
        "Attention takes 36 % of its time and the int8 products 34 %: twelve heads of 32 numbers leave little to "
        "multiply and much to exponentiate, in fp32, for which onnxruntime has no reduced kernel on x86. A run where "
        "the peers' rounds were slower and uneven had 4.1x of sentence-transformers and 1.01x of bf16."
    ),
    ("texts to vectors, CLIP ViT-B/32 text", "open_clip torch fp32"): (
        "With 512 columns its products are bound by the float32 numbers that they write; attention, a fifth of the "
        "time, and Gelu, a tenth, are computed in fp32."
    ),
    ("one question, warm: a sentence", "encoder passes"): (
        "A sentence takes its networks 12 ms. What is left, about 3 ms whatever the length, is hearing the visitor, "
        "two fold-ins, six rankings and sixty picks with their reasons, which take 2 ms where the networks have not "
        "just pushed everything out of the caches; beside a whole review it is within the goal."
    ),
    ("search, 4,000 vectors, through the graph", ""): (
        "A sixth of ours is scoring what was found again in 32 bits, from vectors that lie elsewhere in memory; the "
        "libraries return rounded scores. Runs differ: another had 0.91x of hnswlib."
    ),
    ("search, 4,000 vectors", ""): (
        "So few are searched exactly by choice: that finds all ten for certain and loads nothing, where a graph takes "
        "50 ms to load, which a hundred questions do not pay back; and where the hybrid answers too, it wants every "
        "inner product anyway. Through its graph, in the next table, the index is about as fast as is asked."
    ),
    ("search, 100,000 vectors", ""): (
        "Ours includes checking the query, scoring what was found again in 32 bits, and leaving out what was seen; the "
        "libraries return rounded scores. hnswlib and faiss hold all of it in memory, twice as much, and map nothing."
    ),
}
"""(beginning of `work`, beginning of `peer`) to the reason."""


def reason(row: Result) -> str:
    """The reason written for a row, or that there is none yet."""
    for (work, peer), why in REASONS.items():
        if row.work.startswith(work) and row.peer.startswith(peer):
            return why
    return "Why is not known yet."
