"""The quality gate judges the challenger; only what passes becomes champion."""
