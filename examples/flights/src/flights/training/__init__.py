"""The model's declaration and its algorithms."""
