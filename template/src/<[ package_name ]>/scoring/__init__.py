"""The champion gives every scheduled flight the probability that it arrives late."""
