"""Files with data: which ones there are, whether they can be read, and their rows as Spark reads them."""
