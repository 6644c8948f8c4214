"""Schema: fields that are missing, unknown, or no longer there."""
