"""Matinee's export side: from a dataset folder to a bundle that the runtime opens anywhere.

    matinee-export build --data DIR --out DIR

Heavy on purpose: torch, transformers, open_clip, implicit, pandas. `build.build` is the whole flow, top to bottom.
"""
