"""The protocols of Google: Gemini, Vertex AI, Imagen."""
