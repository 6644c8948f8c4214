"""Values of a run: what a `{{…}}` reference gives, in which form, and what a workspace path is on this machine."""
