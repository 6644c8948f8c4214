"""Which files of a bundle a deployment uploads, and which files its tasks need."""
