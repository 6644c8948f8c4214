"""How good scores are, and how far they moved: metrics, drift, and the tables that keep them."""
