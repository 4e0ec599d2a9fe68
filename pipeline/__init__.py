"""Inkchart: from scanned patient charts to candidate codes that a coder confirms."""

import os

__version__ = "0.1.0"

# ONNX Runtime reports what runs, and on which machine, to its makers from the moment that it is imported, and keeps a
# number of the machine for it. Nothing may leave this machine, so it is told not to before anything can import it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# x12sdk reads a file `.env` of the folder that it is first used in into the environment, where our settings are.
os.environ["PYTHON_DOTENV_DISABLED"] = "1"
