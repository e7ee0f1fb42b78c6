"""Keeps the index current: what is on the disk, what changed, who reads it, who tells the pages."""
