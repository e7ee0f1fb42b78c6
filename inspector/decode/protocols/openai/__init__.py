"""The protocols of OpenAI, and of the many servers that speak them."""
