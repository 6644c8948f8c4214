"""The prediction table: what a score says, and what is kept of the flight beside it."""

TABLE = "predictions"
COMMENT = "Probability that a scheduled flight arrives late, an hour before it leaves"
CARRIED = ("predicted_at",)
