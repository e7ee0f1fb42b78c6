"""A web inspector for recorded LLM traffic."""

__version__ = "0.5.0"

DISTRIBUTION = "llm-traffic-inspector"
"""The package's name: of its cache, and as what it signs what it writes for other systems."""
