"""The report of the honest protocol; one module for each section."""
