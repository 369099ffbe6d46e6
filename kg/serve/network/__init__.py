"""The graph as a picture: a part, a family, or the whole with positions."""
