"""What a contract promises of a whole table: its number of rows, what a query counts, how old its newest row may be."""
