"""The list of exchanges: groups, windows, excerpts, what would narrow it."""
