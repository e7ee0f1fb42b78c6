"""Two states of recordings: directories, archives or revisions, what changed between them, and by which kinds."""
