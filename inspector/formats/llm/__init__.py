"""Recordings made by software for language models."""
