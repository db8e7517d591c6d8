"""Worklists: what a campaign could not decide alone, handed to clerks one item at a time."""
