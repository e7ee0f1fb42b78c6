"""What llama-stack itself does beside talking to models."""
