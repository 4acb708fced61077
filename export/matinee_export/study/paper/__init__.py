"""The paper's experiments as it describes them, and their report."""
