"""Rules that judge a row by other rows: uniqueness, references to other tables, and aggregates over a group of rows."""
