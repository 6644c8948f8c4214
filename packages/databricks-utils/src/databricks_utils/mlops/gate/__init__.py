"""The quality gate: fixed rules that judge a candidate, alone and against the champion."""
