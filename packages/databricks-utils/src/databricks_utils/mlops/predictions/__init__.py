"""The prediction log: its queries, its tables, and which windows are scored again."""
