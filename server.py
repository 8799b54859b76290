"""`python server.py` is `loom serve`: the HTTP server over the queue and its workers."""

from __future__ import annotations

import sys

from engine.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
