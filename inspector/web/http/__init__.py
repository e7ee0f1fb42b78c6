"""What a server does with any request: who may ask, what is sent compressed, static files, live updates."""
