"""Silver: typed, judged, deduplicated; what is invalid is in quarantine, with its reasons."""
