"""The champion says of every scheduled flight how likely it is to be late."""
