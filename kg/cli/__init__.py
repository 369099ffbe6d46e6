"""The command line: one module a command, the same verbs as ``import kg``."""
