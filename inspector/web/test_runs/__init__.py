"""How the tests ended that used the recordings."""
