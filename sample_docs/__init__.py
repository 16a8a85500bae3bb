"""Sample plans: their texts, and the documents that `python -m sample_docs.build` typesets from them."""
