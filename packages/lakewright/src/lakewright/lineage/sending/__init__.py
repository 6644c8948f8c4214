"""Send the events of lineage to a server of OpenLineage: at the end of a run, or when somebody asks for it."""
