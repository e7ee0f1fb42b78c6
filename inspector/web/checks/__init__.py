"""The page of what checks found."""
