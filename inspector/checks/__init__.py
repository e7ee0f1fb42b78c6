"""Checks of recordings: rules, what they find in an exchange, and which findings are new."""
