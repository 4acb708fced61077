"""The paper's experiments as they were written, and their report."""
