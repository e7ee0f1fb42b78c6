"""Spans of traces: what instrumented programs tell of the models that they call."""
