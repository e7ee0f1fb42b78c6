"""Recordings that servers and libraries for mocking answer from."""
