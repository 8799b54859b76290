"""Paths that nobody means well with, and folders in which they could do harm."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

SECRET = b"SECRET that no request may see or change"
KEPT = b"kept"

_PARTS = (
    *("..", ".", "", "...", "....", ". .", ".. ", " ..", "..;", "..%00", "..\0", ".\u200b."),
    *(
        "%2e%2e",
        "%252e%252e",
        "..%2f..",
        "..%252f",
        "%c0%ae%c0%ae",
        "\uff0e\uff0e",
        "\u2025",
        "..\u2215..",
    ),
    *("out", "out.png", "circle", "secret.png", "secret", "etc", "passwd", "proc", "self", "root"),
    *("kept.png", "kept", "deep", "kept.safetensors", "sub", "new.png", "KEPT.PNG"),
    *("con", "NUL.png", "com1", "lpt9.txt", "C:", "c:\\", "\\\\host\\share", "file:", "~", "~root"),
    *(
        "a" * 255,
        "a" * 256,
        "é" * 128,
        "x" * 5000,
        "\ud800",
        "\x7f",
        "\n",
        "\r\nX: y",
        "\u202egnp.",
    ),
    *("kept.png::$DATA", "kept.png.", "kept.png ", "kept.png/", ".git", ".part-0", "[output]"),
    *(
        " [input]",
        " [temp]",
        "kept.png [output]",
        "..[output]",
        "{}",
        "${HOME}",
        "*",
        "?",
        "'",
        '"',
    ),
)
_SEPARATORS = ("/", "\\", "//", "/./", "\\/", "%2f", "%5c", "%252f", "\u2215", "/../")


def paths(count: int, seed: int = 0) -> Iterator[str]:
    """Yield paths made of hostile parts, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        pieces = [chance.choice(_PARTS)]
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4, 8, 40))):
            pieces += [chance.choice(_SEPARATORS), chance.choice(_PARTS)]
        start = chance.choice(("", "", "", "/", "\\", "//", "deep/", "out/", "../" * 8))
        yield start + "".join(pieces)


def encoded(path: str, chance: random.Random) -> str:
    """Return a path as a part of a URL, some characters quoted, some twice, some not at all."""
    once = quote(path.encode("utf-8", "surrogatepass"), safe="/")
    style = chance.randrange(4)
    if style == 0:
        return once.replace("/", "%2F")
    if style == 1:
        return quote(once, safe="/")
    if style == 2:
        return once.replace(".", "%2e")
    return once


def trap(folder: Path, outside: Path) -> Path:
    """Fill a folder with files, and with links that lead out of it and in circles."""
    folder.mkdir(parents=True, exist_ok=True)
    outside.mkdir(parents=True, exist_ok=True)
    for name in ("secret.png", "secret", "passwd", "kept.png"):
        (outside / name).write_bytes(SECRET)
    (folder / "deep").mkdir(exist_ok=True)
    for name in ("kept.png", "kept.safetensors", "deep/kept.png"):
        (folder / name).write_bytes(KEPT)
    links = {"out": outside, "out.png": outside / "secret.png", "deep/out": outside}
    links["circle"] = folder / "circle"
    for name, target in links.items():
        (folder / name).symlink_to(target)
    return folder


def state(folder: Path) -> dict[str, bytes]:
    """Return the content of every file beneath a folder, links not followed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
