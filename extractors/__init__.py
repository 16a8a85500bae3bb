"""From bytes to lines (`readers`), from lines to a tree (`plan`), from the tree to what it says (`facts`)."""
