"""The report of the honest protocol, a module for each section."""
