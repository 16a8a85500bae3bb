"""Text and words brought into one form: Unicode, folding, words, periods, bodies, places, restoration."""
