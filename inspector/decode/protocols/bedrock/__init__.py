"""The protocols of Amazon Bedrock."""
