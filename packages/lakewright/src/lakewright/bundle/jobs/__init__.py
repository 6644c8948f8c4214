"""Jobs and tasks of a loaded bundle as rules look at them."""
