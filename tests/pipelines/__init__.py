"""The pipelines that the template renders for every answer, the tools that judge them, and their steps, executed here."""
