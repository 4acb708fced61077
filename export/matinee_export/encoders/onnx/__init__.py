"""ONNX: from torch modules to ONNX graphs, and the rewriting of graphs."""
