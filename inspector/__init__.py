"""A web inspector for recorded LLM traffic."""

__version__ = "0.1.0"
