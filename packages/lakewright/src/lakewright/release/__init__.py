"""Releases: which tag may be deployed, which wheels, and which bundles of a repository have changed."""
