"""The judgement of a plan as text, as JSON and as Markdown."""
