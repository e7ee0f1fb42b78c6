"""Figures of speed and size, each beside a baseline timed in the same run: machines are noisy, ratios less so.

``python -m tests.benchmarks [PATH]`` prints them for the recordings below a path, by default those of
``$INSPECTOR_CORPUS/llama-stack``, else the samples.
"""
