"""From one tree to the configuration of one target: targets, variables, references, modes, permissions, defaults."""
