"""Differences that a plan shows though nobody has changed anything."""
