"""Gold: what people look at."""
