"""Matinee's export package: turns a dataset folder into a bundle that the runtime can open on any machine.

    matinee-export build --data DIR --out DIR

It depends on torch, transformers, open_clip, implicit and pandas, which the runtime does not need. `build.build` runs
every stage in order.
"""
