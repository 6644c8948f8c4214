"""The fields that a bundle may have, and how a configuration is checked against them."""
