"""Jobs: when they start, by a schedule or another trigger."""
