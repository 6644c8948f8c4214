"""The parts of an engine, found or fetched once for all projects: Java, jars, the catalog plugin, the class archive."""
