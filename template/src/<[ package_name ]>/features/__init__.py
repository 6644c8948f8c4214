"""What a model may know of a flight, as of an hour before it leaves."""
