"""What an engine is made of, found or fetched once for all projects: Java, jars, the catalog plugin, the class archive."""
