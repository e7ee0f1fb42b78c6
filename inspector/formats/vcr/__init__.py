"""Cassettes of VCR in its many languages."""
