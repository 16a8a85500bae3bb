"""The walk of a document, and everything that is done with its rows."""
