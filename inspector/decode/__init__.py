"""Bytes to meaning: bodies into events, events into deltas, deltas into messages."""
