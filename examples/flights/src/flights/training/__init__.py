"""Which model predicts what, from which columns, by which algorithms."""
