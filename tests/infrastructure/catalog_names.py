"""Names of catalogs that configuration and infrastructure take or refuse, with the environment each is meant for."""

GOOD = {
    "dev": ("dev_analytics", "dev_a", "dev_", "dev__x", "dev_2024", "dev_Analytics", "dev_" + "x" * 251),
    "staging": ("staging_analytics",),
    "prod": ("prod_analytics", "prod_dev_analytics"),
}
BAD = {
    "dev": (
        "", "analytics", "prod_analytics", "DEV_analytics", "_dev_analytics", "dev", "dev-analytics", "dev_ana-lytics", "dev_ana lytics",
        "dev_ana.lytics", "dev_analytics;", "dev_größe", "dev_${x}", "dev_analytics\n", "1dev_analytics", " dev_analytics",
        "dev_" + "x" * 252,
    ),
    "prod": ("dev_analytics", "production_analytics", "prodanalytics"),
}  # fmt: skip
