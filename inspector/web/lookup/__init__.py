"""From what somebody has in hand (a hash, a path, an id, the file of an export) to a page."""
