"""Python projects whose wheels a bundle builds: what they are called, which entry points they have, where their code lies."""
