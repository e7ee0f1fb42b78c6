"""Recordings of HTTP traffic by browsers, proxies and HTTP clients."""
