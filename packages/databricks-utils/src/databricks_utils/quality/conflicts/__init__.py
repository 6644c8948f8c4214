"""Rules that repeat or contradict each other, found before they run, from their text alone."""
