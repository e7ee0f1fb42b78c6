"""Protocols of providers and servers that have one each."""
