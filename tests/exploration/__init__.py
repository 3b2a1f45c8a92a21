"""Exploring flows: because a flow is a function with finite choices, every path of interest can be walked."""
