"""Resolution: places to the administrative tree, and practices to identities across articles."""
