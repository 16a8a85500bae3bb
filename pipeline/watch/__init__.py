"""The watched folder: what lies in it is scanned, judged still and whole, kept, read, and moved only when asked."""
