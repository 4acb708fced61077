"""Finds and reads the weights of an encoder: from the hub, a folder, a package or a seed."""
