"""Plans held against criteria, against each other and against the calendar of bodies."""
