"""Lines into a tree: the frame with its metadata, paragraphs, numbered items, tables."""
