"""What an exchange means beyond its bytes: summary, issues, fingerprints, search text."""
