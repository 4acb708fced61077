"""Embeds every review and poster once, resumably, in this process or on a Ray cluster."""
