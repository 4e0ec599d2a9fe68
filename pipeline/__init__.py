"""Inkchart: from scanned patient charts to candidate codes that a coder confirms."""

__version__ = "0.1.0"
