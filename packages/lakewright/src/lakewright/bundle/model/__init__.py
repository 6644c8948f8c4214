"""What everything else is made of: values with their places, findings, the bundle before and after its load."""
