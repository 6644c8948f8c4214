"""The features of a flight that are known one hour before departure."""
