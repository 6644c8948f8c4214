"""Jobs and tasks: notifications, and the limits that they report."""
