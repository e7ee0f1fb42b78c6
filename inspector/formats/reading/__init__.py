"""What formats read a file with: its bytes, JSON, YAML and lines, its entries, and the bodies in them."""
