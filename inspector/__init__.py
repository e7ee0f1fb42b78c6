"""A web inspector for recorded LLM traffic."""

__version__ = "0.5.0"
