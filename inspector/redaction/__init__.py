"""Secrets masked: what they go by, and wherever an exchange keeps them."""
