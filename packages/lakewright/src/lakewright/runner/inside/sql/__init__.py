"""SQL: scripts into statements, statements on a session."""
