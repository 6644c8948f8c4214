"""Schema: values of a wrong kind, outside of a list, or that no file may hold."""
