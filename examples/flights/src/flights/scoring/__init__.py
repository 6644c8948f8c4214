"""The champion predicts for each scheduled flight the probability that it arrives late."""
