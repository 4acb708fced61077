"""The drawing kit behind the sample's posters, from palettes and stencils to lettering and print.

In go a film's facts, out comes a small RGB picture. Everything is drawn by code from polygons, gradients and noise; no
picture file is read. Nothing here knows of datasets, folders or networks.
"""
