"""Tests; this is what they need before anything else is imported."""

import atexit
import os
import shutil
import sys
import tempfile

if sys.dont_write_bytecode:  # what pytest compiles, and its processes share, has a place of its own, and goes with them
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = tempfile.mkdtemp(prefix="inspector-tests-")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    atexit.register(shutil.rmtree, sys.pycache_prefix, ignore_errors=True)
