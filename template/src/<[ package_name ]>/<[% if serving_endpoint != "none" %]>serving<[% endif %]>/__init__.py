"""Answer requests of other programs with the champion."""
