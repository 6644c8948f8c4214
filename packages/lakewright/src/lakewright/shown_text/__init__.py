"""Texts of other programs, files and people before they are shown: without secrets, and in one line."""
