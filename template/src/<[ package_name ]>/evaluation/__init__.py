"""Is the challenger good enough? The gate says so, and only then it becomes champion."""
