"""The protocols of Ollama."""
