"""One exchange for people and programs: transcript, JSON, forms to copy."""
