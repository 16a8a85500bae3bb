"""How well and how fast scans are read: sets of degraded pages with their truth, figures, costs."""
