"""`/view` as clients use it, and what it refuses."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from tests.engine.http.site import Site, picture

CAT = picture((8, 6), (200, 30, 20, 128))


@pytest.fixture(scope="module", autouse=True)
def _files(site: Site) -> None:
    site.put("output/cat.png", CAT)
    site.put("output/sub/deep cat.png", picture((3, 3), (0, 0, 255, 255)))
    site.put("input/cat.png", picture((5, 5), (0, 255, 0, 255)))
    site.put("temp/cat.png", picture((2, 2), (9, 9, 9, 255)))
    site.put("output/clip.mp4", b"not really a video")
    site.put("output/page.html", b"<script>alert(1)</script>")
    site.put("output/drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def bomb() -> bytes:
    """A PNG of some hundred bytes that claims to have ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def test_a_file_goes_out_as_it_is(site: Site) -> None:
    answer = site.get("/view?filename=cat.png&subfolder=&type=output&rand=0.5&format=x")
    assert (answer.status, answer.body) == (200, CAT)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'filename="cat.png"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert site.get("/api/view?filename=cat.png").body == CAT


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("filename=cat.png&type=input", (5, 5)),
        ("filename=cat.png&type=temp", (2, 2)),
        ("filename=cat.png%20%5Binput%5D&type=output", (5, 5)),
        ("filename=cat.png%5Btemp%5D", (2, 2)),
        ("filename=deep%20cat.png&subfolder=sub", (3, 3)),
        ("filename=ignored/deep%20cat.png&subfolder=sub", (3, 3)),
    ],
)
def test_type_annotation_and_subfolder_choose_the_file(
    site: Site, query: str, size: tuple[int, int]
) -> None:
    assert opened(site.get(f"/view?{query}").body).size == size


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("filename=", 404),
        ("filename=missing.png", 404),
        ("filename=sub", 404),
        ("filename=cat.png&type=models", 400),
        ("filename=..%2Fcat.png", 400),
        ("filename=a..b.png", 400),
        ("filename=%2Fetc%2Fpasswd", 400),
        ("filename=cat.png&subfolder=..", 403),
        ("filename=cat.png&subfolder=%2Fetc", 403),
        ("filename=cat.png&subfolder=sub%2F..%2F..%2Foutput", 403),
        ("filename=blake3:" + "0" * 64, 404),
    ],
)
def test_names_that_lead_nowhere_are_refused(site: Site, query: str, status: int) -> None:
    assert site.get(f"/view?{query}").status == status


@pytest.mark.parametrize(
    ("preview", "form", "mode"),
    [
        ("webp;50", "WEBP", "RGBA"),
        ("webp", "WEBP", "RGBA"),
        ("jpeg;10", "JPEG", "RGB"),
        ("jpeg;10&channel=rgba", "WEBP", "RGBA"),
        ("webp&channel=rgb", "WEBP", "RGB"),
        ("jpeg;9999999999&channel=rgb", "JPEG", "RGB"),
        ("gif;x", "WEBP", "RGBA"),
    ],
)
def test_previews_are_small_pictures(site: Site, preview: str, form: str, mode: str) -> None:
    answer = site.get(f"/view?filename=cat.png&preview={preview}")
    shown = opened(answer.body)
    assert (shown.format, shown.mode, shown.size) == (form, mode, (8, 6))
    assert answer.headers["Content-Type"] == f"image/{form.lower()}"


def test_a_lower_quality_makes_a_smaller_preview(site: Site) -> None:
    noise = Image.effect_noise((128, 128), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "png")
    site.put("output/noise.png", file.getvalue())
    sizes = [
        len(site.get(f"/view?filename=noise.png&preview={form};{quality}").body)
        for form in ("webp", "jpeg")
        for quality in (10, 95)
    ]
    assert sizes[0] < sizes[1]
    assert sizes[2] < sizes[3]


def test_a_preview_is_no_larger_than_asked_and_never_enlarged(site: Site) -> None:
    for name, form in (("wide.jpg", "jpeg"), ("wide.png", "png"), ("wide.gif", "gif")):
        file = io.BytesIO()
        Image.effect_noise((400, 100), 90).convert("RGB").save(file, form)
        site.put(f"output/{name}", file.getvalue())
        small = opened(site.get(f"/view?filename={name}&preview=webp;80&size=64").body)
        whole = opened(site.get(f"/view?filename={name}&preview=webp;80&size=4000").body)
        assert (small.size, whole.size) == ((64, 16), (400, 100))
    sized = site.get("/view?filename=wide.png&preview=webp;80&size=64")
    other = site.get("/view?filename=wide.png&preview=webp;80&size=65")
    assert sized.headers["ETag"] != other.headers["ETag"]
    assert site.get("/view?filename=wide.png&preview=webp;80&size=x").status == 400


def test_channels_are_taken_apart(site: Site) -> None:
    colours = opened(site.get("/view?filename=cat.png&channel=rgb").body)
    assert (colours.mode, colours.getpixel((0, 0))) == ("RGB", (200, 30, 20))
    alpha = opened(site.get("/view?filename=cat.png&channel=a").body)
    assert (alpha.mode, alpha.getpixel((0, 0))) == ("RGBA", (0, 0, 0, 128))
    assert site.get("/view?filename=cat.png&channel=rgba").body == CAT


def test_a_picture_without_alpha_is_opaque(site: Site) -> None:
    site.put("output/opaque.jpg", picture((4, 4), (1, 2, 3), "jpeg"))
    alpha = opened(site.get("/view?filename=opaque.jpg&channel=a").body)
    assert alpha.getpixel((0, 0)) == (0, 0, 0, 255)


def test_head_tells_the_length_and_sends_nothing(site: Site) -> None:
    for query in ("", "&preview=webp;90"):
        whole = site.get(f"/view?filename=cat.png{query}")
        head = site.ask("HEAD", f"/view?filename=cat.png{query}")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.body))


@pytest.mark.parametrize("query", ["", "&preview=webp;90", "&channel=rgb"])
def test_what_the_client_has_is_not_sent_again(site: Site, query: str) -> None:
    path = f"/view?filename=cat.png{query}"
    etag = site.get(path).headers["ETag"]
    again = site.get(path, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert site.get(path, If_None_Match='"other"').status == 200


def test_a_replaced_picture_is_sent_anew(site: Site) -> None:
    site.put("output/changing.png", picture((4, 4)))
    path = "/view?filename=changing.png&preview=webp;90"
    etag = site.get(path).headers["ETag"]
    site.put("output/changing.png", picture((6, 6)))
    assert opened(site.get(path, If_None_Match=etag).body).size == (6, 6)


def test_ranges_are_sent_alone(site: Site) -> None:
    answer = site.get("/view?filename=cat.png", Range="bytes=0-7")
    assert (answer.status, answer.body) == (206, CAT[:8])


def test_only_raster_pictures_open_in_the_browser(site: Site) -> None:
    for name, kind in (("clip.mp4", "video/mp4"), ("page.html", "application/octet-stream")):
        answer = site.get(f"/view?filename={name}")
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_an_svg_is_a_picture_only_where_its_scripts_are_dead(site: Site) -> None:
    page = site.get("/view?filename=drawing.svg", Sec_Fetch_Dest="document")
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"].startswith("attachment")
    shown = site.get("/view?filename=drawing.svg", Sec_Fetch_Dest="image")
    assert shown.headers["Content-Type"] == "image/svg+xml"
    for answer in (page, shown):
        assert answer.headers["Vary"] == "Sec-Fetch-Dest"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_names_in_headers_are_quoted(site: Site) -> None:
    site.put('output/a "quoted" café.png', CAT)
    answer = site.get("/view?filename=a%20%22quoted%22%20caf%C3%A9.png")
    assert answer.headers["Content-Disposition"] == (
        "filename=\"a _quoted_ caf?.png\"; filename*=UTF-8''a%20%22quoted%22%20caf%C3%A9.png"
    )


def test_a_compressed_neighbour_never_stands_in(site: Site) -> None:
    site.put("output/original.png", CAT)
    site.put("output/original.png.gz", b"planted")
    site.put("output/original.png.br", b"planted")
    answer = site.get("/view?filename=original.png", Accept_Encoding="gzip, br")
    assert answer.body == CAT
    assert "Content-Encoding" not in answer.headers


def test_a_picture_that_unpacks_into_too_much_is_not_decoded(site: Site) -> None:
    site.put("output/bomb.png", bomb())
    answer = site.get("/view?filename=bomb.png&preview=webp;90")
    assert answer.status == 400
    assert "too many pixels" in answer.json["error"]["message"]
    assert site.get("/view?filename=bomb.png").body == bomb()


@pytest.mark.parametrize("query", ["preview=webp", "channel=rgb", "channel=a"])
def test_a_broken_picture_is_refused_in_words(site: Site, query: str) -> None:
    site.put("output/broken.png", CAT[:45])
    answer = site.get(f"/view?filename=broken.png&{query}")
    assert answer.status == 400
    assert "cannot be read as a picture" in answer.json["error"]["message"]


def test_files_that_are_no_pictures_have_no_preview(site: Site) -> None:
    answer = site.get("/view?filename=clip.mp4&preview=webp;90")
    assert answer.body == b"not really a video"
