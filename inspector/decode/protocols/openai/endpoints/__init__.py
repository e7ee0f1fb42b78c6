"""OpenAI's endpoints beside generation: embeddings, images, audio, moderation, models, token counts."""
