"""Runs every benchmark in a process of its own: `python -m bench` or `make bench`.

Each prints a table and writes `bench/<name>.json`: a list of rows `{"case", "metric", "value",
"unit", "peer", "peer_value", "ratio"}`, in which a ratio above 1 is better than the peer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = ("engine", "sampling", "training", "serve", "canvas")


def main() -> int:
    """Run them one after the other, so that they do not disturb each other."""
    codes: list[int] = []
    for name in NAMES:
        print(f"--- {name}", flush=True)
        command = [sys.executable, "-m", f"bench.{name}", "--json", str(HERE / f"{name}.json")]
        codes.append(subprocess.run(command, cwd=HERE.parent, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
