"""The protocols of Anthropic, and of the servers that speak them."""
