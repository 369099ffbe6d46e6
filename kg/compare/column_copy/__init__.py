"""The column copy of a graph: what it says of all practices as arrays, read once and kept beside the store."""
