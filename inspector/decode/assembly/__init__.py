"""A response put together: deltas into messages."""
