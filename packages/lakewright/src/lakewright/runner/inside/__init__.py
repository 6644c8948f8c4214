"""Inside the process of a task: what its code finds around it, and how each kind of code is run."""
