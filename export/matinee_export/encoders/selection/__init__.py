"""Selects the variant of a network to ship, by its agreement with fp32 and its speed."""
