"""Rights, changes and findings as text for a terminal, as JSON, and as Markdown for a pull request."""
