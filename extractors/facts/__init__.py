"""Items to facts: who acts and who joins, what assigns, by when, how much."""
