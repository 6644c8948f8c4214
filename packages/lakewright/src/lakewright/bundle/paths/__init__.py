"""Relative paths of a bundle: where they point on disk, and what they are called in the workspace."""
