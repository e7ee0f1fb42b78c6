"""A test, a session, or a conversation told as one story."""
