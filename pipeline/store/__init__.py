"""The database of documents, rows and sightings; the only SQL of the product."""
