"""Networks: BERT, ResNet50 and CLIP as torch modules with their towers, ready for export."""
