"""The nearest practices of other regions: weights of features, and the loops over all pairs."""
