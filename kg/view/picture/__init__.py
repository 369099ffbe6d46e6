"""The interactive picture: one page of its own, what it shows, where everything stands, what draws it."""
