"""Figures of speed and size, each beside a baseline timed in the same run: machines are noisy, ratios less so.

``python -m tests.benchmarks [PATH]`` prints them for the recordings below a path, by default those of
``$INSPECTOR_CORPUS/llama-stack``, else the samples. ``python -m tests.benchmarks.scale`` prints those of 1,000, 10,000
and 100,000 generated recordings side by side, ``python -m tests.benchmarks.beside`` those of other tools beside ours.
"""
