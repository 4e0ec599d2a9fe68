"""The worker: what lies in the inbox is taken, read, kept and moved.

`loop` is the story; `receipts` moves files, `live` tells the clerk's page how it gets on.
"""

from pipeline.worker.loop import Worker

__all__ = ["Worker"]
