"""Silver: every record is judged once; the valid ones are merged, the others are in quarantine."""
