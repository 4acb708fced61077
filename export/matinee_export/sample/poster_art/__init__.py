"""The drawing kit behind the sample's posters: palettes, grounds, lands, emblems, figures, stagings, lettering and finish.

In goes a `Brief` (what to draw, chosen from a film's facts), out comes a small RGB picture. Everything is drawn by code from
polygons, gradients and noise; no picture file is read. Nothing here knows of datasets, folders or networks.
"""
