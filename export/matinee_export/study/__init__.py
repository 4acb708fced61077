"""The study: the paper's experiments beside an honest protocol, on any dataset folder."""
