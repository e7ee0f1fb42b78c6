"""Tests; this is what they need before anything else is imported."""

import os
import sys

# What is compiled is kept: a run starts a hundred programs and servers, and four processes that collect every test. For
# each to compile all of it again takes a quarter of the time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
