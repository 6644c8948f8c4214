"""Gold: aggregated tables for dashboards and reports."""
