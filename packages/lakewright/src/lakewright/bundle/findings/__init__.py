"""What becomes of findings: collected, silenced by comments, printed as text, JSON, SARIF or a page."""
