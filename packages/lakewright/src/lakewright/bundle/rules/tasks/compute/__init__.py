"""Single tasks: the compute that they run on, and its libraries."""
