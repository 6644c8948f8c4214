"""The environment variables that say whom a process works for."""

PRINCIPAL_VARIABLE = "LAKEWRIGHT_PRINCIPAL"
GRANTS_VARIABLE = "LAKEWRIGHT_GRANTS"  # `ignored`: the principal is a name only, and is not held to grants
IGNORED = "ignored"
