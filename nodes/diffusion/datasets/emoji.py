"""The starter's data set: the same things drawn in five styles, with captions.

Run `python -m nodes.diffusion.datasets.emoji --out data/emoji64`. Building twice gives the same
bytes. The pictures keep their transparency, so that training can put any colour behind them.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from PIL import Image

from nodes.diffusion.datasets.errors import DatasetError
from nodes.diffusion.datasets.manifest import Manifest, Record, read_manifest, write_atomically
from nodes.diffusion.datasets.packages import Package, fetch, members

CAPTIONS = Package(
    name="emojibase-data",
    version="17.0.0",
    sha256="d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
    credit="labels and tags: emojibase-data by Miles Johnson, MIT",
)
STYLES: dict[str, Package] = {
    "noto": Package(
        name="@iconify-json/noto",
        version="1.2.9",
        sha256="3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad",
        credit="noto: Noto Emoji by Google Inc, Apache-2.0, "
        "https://github.com/googlefonts/noto-emoji",
    ),
    "twemoji": Package(
        name="@iconify-json/twemoji",
        version="1.2.5",
        sha256="19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7",
        credit="twemoji: Twitter Emoji by Twitter, Inc and other contributors, CC-BY-4.0, "
        "https://github.com/jdecked/twemoji",
    ),
    "fluent-flat": Package(
        name="@iconify-json/fluent-emoji-flat",
        version="1.2.6",
        sha256="7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
        credit="fluent-flat: Fluent Emoji Flat by Microsoft Corporation, MIT, "
        "https://github.com/microsoft/fluentui-emoji",
    ),
    "fluent-3d": Package(
        name="@lobehub/fluent-emoji-3d",
        version="1.1.0",
        sha256="c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
        credit="fluent-3d: Fluent Emoji 3D by Microsoft Corporation, MIT, "
        "https://github.com/microsoft/fluentui-emoji",
    ),
    "openmoji": Package(
        name="openmoji",
        version="17.0.0",
        sha256="55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68",
        credit="openmoji: OpenMoji by the OpenMoji project, CC-BY-SA-4.0, https://openmoji.org",
    ),
}
BASE_STYLES = ("noto", "twemoji", "fluent-flat", "fluent-3d")
"""What the starter model is trained on; `openmoji` is kept for fine-tuning."""


_NO_GROUPS = frozenset({"flags", "component", "people-body"})
_NO_SUBGROUPS = frozenset(
    {
        *("alphanum", "arrow", "av-symbol", "currency", "family", "gender", "geometric", "keycap"),
        *("math", "other-symbol", "punctuation", "religion", "time", "transport-sign"),
        *("warning", "zodiac"),
    }
)
# a mirror image of these would read wrong or mean something else
_ONE_WAY_WORDS = frozenset(
    {
        *("left", "right", "leftwards", "rightwards", "quarter", "crescent", "gibbous", "medal"),
        *("calendar", "chart", "globe", "map", "banknote", "hundred", "newspaper", "receipt"),
        *("hospital", "store", "office", "hotel", "bank", "keyboard", "abacus", "mahjong"),
        *("joker", "playing", "slot", "8", "pages", "page", "police", "ambulance", "fire"),
        *("musical", "treble", "clock", "watch", "money", "ticket", "atm", "label", "zzz"),
    }
)
_ONE_IN = 10


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A thing that is drawn in every style.

    Attributes:
        code: Its code points in lower-case hex, joined by `-`, without the variation selector.
        label: Its name.
        tags: Related words.
        group: Kind of thing.
    """

    code: str
    label: str
    tags: tuple[str, ...]
    group: str


def concepts(data: list[dict[str, Any]], groups: Mapping[str, Any]) -> list[Concept]:
    """Return the things to draw: no people, flags, signs or text, in Unicode's order.

    Args:
        data: `en/data.json` of emojibase.
        groups: `meta/groups.json` of emojibase.
    """
    chosen: list[tuple[int, Concept]] = []
    for entry in data:
        group = groups["groups"].get(str(entry.get("group")))
        subgroup = groups["subgroups"].get(str(entry.get("subgroup")))
        if group is None or group in _NO_GROUPS or subgroup in _NO_SUBGROUPS:
            continue
        concept = Concept(
            code=bare_code(entry["hexcode"]),
            label=entry["label"],
            tags=tuple(tag for tag in entry.get("tags", ()) if tag != entry["label"]),
            group=group,
        )
        chosen.append((entry["order"], concept))
    return [concept for _, concept in sorted(chosen, key=lambda pair: pair[0])]


def bare_code(code: str) -> str:
    """Return code points in lower case without the variation selector FE0F."""
    return "-".join(part for part in code.lower().split("-") if part != "fe0f")


def held_out_style(code: str, styles: tuple[str, ...]) -> str | None:
    """Return the style in which training must not see a concept, or None.

    One concept in ten is held out in one style, chosen by the hash of its code: what is measured
    on these pairs is whether style and thing combine, not memory.

    Args:
        code: Of the concept.
        styles: In which the concept exists.
    """
    number = int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big")
    if number % _ONE_IN:
        return None
    return styles[number // _ONE_IN % len(styles)]


def build(
    out: Path,
    *,
    packages: Path | None = None,
    size: int = 64,
    progress: Callable[[float, float], None] | None = None,
) -> Manifest:
    """Fetch, draw and list the data set.

    Args:
        out: The folder to fill: `<style>/<code>.png`, `manifest.jsonl`, `ATTRIBUTION.txt`.
        packages: Where tarballs are kept; `packages` beside `out` by default.
        size: Width and height of the pictures, in pixels.
        progress: Told how many styles are drawn, and how many there are; may raise to stop.

    Raises:
        DatasetError: A package cannot be fetched or is not the expected one.
    """
    packages = packages or out.parent / "packages"
    texts = members(fetch(CAPTIONS, packages), ("en/data.json", "meta/groups.json"))
    wanted = concepts(json.loads(texts["en/data.json"]), json.loads(texts["meta/groups.json"]))
    drawn: dict[str, Mapping[str, bytes]] = {}
    for style in STYLES:
        drawn[style] = _draw_style(style, wanted, packages, size)
        if progress is not None:
            progress(len(drawn), len(STYLES))
    records = [
        _record(concept, style, drawn, out, size)
        for concept in wanted
        for style in STYLES
        if concept.code in drawn[style]
    ]
    manifest = Manifest(root=out, records=tuple(records))
    write_atomically(out / "ATTRIBUTION.txt", attribution().encode())
    write_atomically(out / "manifest.jsonl", manifest.encode())
    return manifest


def open_or_build(
    out: Path, *, size: int = 64, progress: Callable[[float, float], None] | None = None
) -> Manifest:
    """Return the data set in a folder, building it first where it is not there yet; see `build`."""
    finished = out / "manifest.jsonl"
    if finished.is_file():
        return read_manifest(finished)
    return build(out, size=size, progress=progress)


def attribution() -> str:
    """Return whose work the pictures and captions are, one line each."""
    credits_ = [CAPTIONS.credit, *(package.credit for package in STYLES.values())]
    return "\n".join(["Pictures and captions of this data set:", *credits_, ""])


def _record(
    concept: Concept, style: str, drawn: Mapping[str, Mapping[str, bytes]], out: Path, size: int
) -> Record:
    picture = drawn[style][concept.code]
    path = f"{style}/{concept.code}.png"
    write_atomically(out / path, picture)
    kin = BASE_STYLES if style in BASE_STYLES else (style,)
    present = tuple(name for name in kin if concept.code in drawn[name])
    words = set(concept.label.lower().replace("-", " ").replace(":", " ").split())
    return Record(
        path=path,
        sha256=hashlib.sha256(picture).hexdigest(),
        caption=concept.label,
        label=concept.label,
        tags=concept.tags,
        style=style,
        concept=concept.code,
        group=concept.group,
        split="heldout" if held_out_style(concept.code, present) == style else "train",
        mirror=not words & _ONE_WAY_WORDS,
        width=size,
        height=size,
    )


def _draw_style(
    style: str, wanted: list[Concept], packages: Path, size: int
) -> Mapping[str, bytes]:
    tarball = fetch(STYLES[style], packages)
    find = _sources(style, tarball)
    drawn: dict[str, bytes] = {}
    for concept in wanted:
        source = find(concept.code)
        if source is not None:
            drawn[concept.code] = png(square(source, size))
    return drawn


def _sources(style: str, tarball: Path) -> Callable[[str], bytes | str | None]:
    if style == "fluent-3d":
        files = members(tarball, (".webp",))
        by_code = {bare_code(Path(name).stem): data for name, data in files.items()}
        return by_code.get
    if style == "openmoji":
        files = members(tarball, (".svg",))
        svgs = {n: d for n, d in files.items() if n.startswith("color/svg/")}
        by_code = {bare_code(Path(name).stem): data for name, data in sorted(svgs.items())}
        return lambda code: by_code[code].decode() if code in by_code else None
    files = members(tarball, ("icons.json", "chars.json"))
    return icon_finder(json.loads(files["icons.json"]), json.loads(files["chars.json"]))


def icon_finder(icons: Mapping[str, Any], chars: Mapping[str, str]) -> Callable[[str], str | None]:
    """Return a function from code to SVG text over an icon set in Iconify's format.

    Args:
        icons: `icons.json`: bodies by name, aliases that lead to other names, a common box.
        chars: `chars.json`: names by code.
    """
    names = {bare_code(code): name for code, name in sorted(chars.items())}

    def find(code: str) -> str | None:
        name = names.get(code)
        if name is None:
            return None
        mirrored = False
        while name not in icons["icons"]:
            alias = icons["aliases"][name]
            mirrored ^= alias.get("hFlip", False)
            name = alias["parent"]
        icon = icons["icons"][name]
        width = icon.get("width", icons.get("width", 16))
        height = icon.get("height", icons.get("height", 16))
        body = icon["body"]
        if mirrored:
            body = f'<g transform="translate({width} 0) scale(-1 1)">{body}</g>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{body}</svg>'
        )

    return find


def square(source: bytes | str, size: int) -> Image.Image:
    """Return a picture, or the SVG text of one, as RGBA fitted into a square.

    Raises:
        DatasetError: An SVG is to be drawn and resvg-py is not installed.
    """
    if isinstance(source, str):
        source = _render(source, size)
    with Image.open(io.BytesIO(source)) as opened:
        picture = opened.convert("RGBA")
    if picture.size == (size, size):
        return picture
    scale = size / max(picture.size)
    fitted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    # resizing with premultiplied alpha keeps the colour of transparent pixels out of the edges
    resized = picture.convert("RGBa").resize(fitted, Image.Resampling.LANCZOS).convert("RGBA")
    canvas = Image.new("RGBA", (size, size))
    canvas.paste(resized, ((size - fitted[0]) // 2, (size - fitted[1]) // 2))
    return canvas


def _render(svg: str, size: int) -> bytes:
    try:
        import resvg_py
    except ImportError as error:
        raise DatasetError(
            "drawing SVG pictures needs resvg-py", hint="run `pip install resvg-py`"
        ) from error
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, skip_system_fonts=True))


def png(picture: Image.Image) -> bytes:
    """Return the picture as PNG without metadata."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


def _main(
    out: Annotated[Path, typer.Option(help="The folder to fill.")] = Path("data/emoji64"),
    size: Annotated[int, typer.Option(help="Width and height of the pictures.")] = 64,
) -> None:
    manifest = build(out, size=size)
    held_out = sum(record.split == "heldout" for record in manifest.records)
    typer.echo(f"{len(manifest.records)} pictures, {held_out} held out, in {out}")


if __name__ == "__main__":
    typer.run(_main)
