"""From files to one tree: YAML, includes, merging, the local overlay."""
