"""Export of torch modules to ONNX graphs, and the rewriting of those graphs."""
