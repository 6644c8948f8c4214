"""The prediction log: the meaning of a score, and the columns that it copies from the flight."""

TABLE = "predictions"
COMMENT = "Probability that a scheduled flight arrives late, predicted one hour before departure"
CARRIED = ("predicted_at",)
