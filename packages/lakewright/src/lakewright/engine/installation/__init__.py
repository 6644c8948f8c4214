"""What an engine needs on this machine, found or fetched once for all projects: Java, Spark, Delta's jars, the plugin's jar."""
