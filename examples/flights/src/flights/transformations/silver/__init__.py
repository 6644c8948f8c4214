"""Silver: typed, valid, deduplicated rows; invalid rows are in quarantine, with the reasons."""
