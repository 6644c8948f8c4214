"""The quality gate judges the challenger; if it passes, it becomes champion."""
