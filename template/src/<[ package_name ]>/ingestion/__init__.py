"""Landing files become rows of bronze: looked at first, then loaded whole or not at all."""
