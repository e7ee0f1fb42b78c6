"""Exchanges as spans of OpenTelemetry, for the systems that collect them."""
