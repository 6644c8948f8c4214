"""Exams: each shows that a check of a project notices what it is for."""
