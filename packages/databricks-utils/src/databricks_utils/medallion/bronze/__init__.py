"""Bronze: every record as it was delivered; each file is loaded once."""
