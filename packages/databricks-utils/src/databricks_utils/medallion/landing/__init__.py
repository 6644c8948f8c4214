"""Landing: the files of a delivery, inspected before anything is loaded."""
