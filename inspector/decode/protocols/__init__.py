"""Wire protocols: what a provider's bytes mean, one module each, in a folder for each provider."""
