"""A store as the page holds it open: what practices are found by, their texts, and the processes that run queries."""
