"""Options that several commands have: how their values are read."""
