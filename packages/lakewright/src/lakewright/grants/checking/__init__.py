"""What `lakewright grants check` looks at: which targets are production and development, and the problems as findings."""
