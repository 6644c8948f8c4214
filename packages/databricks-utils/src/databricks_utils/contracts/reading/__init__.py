"""From the text of a contract to a whole tree: fragments in their places, the shape of the standard."""
