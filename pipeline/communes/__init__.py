"""Whose a document is, and which communes of a province have sent no plan: what of the gazetteer meets the store."""
