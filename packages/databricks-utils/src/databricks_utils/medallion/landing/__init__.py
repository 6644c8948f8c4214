"""Landing: the files of a delivery, which are inspected before any of them is loaded."""
