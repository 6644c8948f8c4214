"""Bronze: every record as it was delivered, each file once."""
