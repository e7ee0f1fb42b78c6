"""What all pages are made with: addresses, highlighted text, citations, media, tokens, paging."""
