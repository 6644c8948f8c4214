"""The data: values with their places, findings, and the bundle during and after its load."""
