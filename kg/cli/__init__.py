"""The command line: one module a command, each on functions that Python has too."""
