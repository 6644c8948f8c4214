"""A candidate: trained on the past, measured on what came after, registered with all that tells where it came from."""
