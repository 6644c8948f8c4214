"""What each run measured, kept in `ops.quality_metrics`, and whether a rule's newest run is unusual."""
