"""Our own packages in a project: their wheels in `wheels/`, the lock with their hashes, and where new ones come from.

On a public index the names of these packages belong to other people, so no command may ask one for them.
"""
