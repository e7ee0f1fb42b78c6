"""The protocols of Cohere, and reranking, which others took over."""
