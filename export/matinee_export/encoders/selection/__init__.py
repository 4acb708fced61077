"""Selection: which variant of a network ships, by parity and speed."""
