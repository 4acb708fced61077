"""Posters: every hazard a file can be, and pixels equal to those torchvision and open_clip make."""

from __future__ import annotations

import contextlib
import io
import struct
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from matinee import image_modes
from matinee.errors import BadImageError
from matinee.image_budget import MAX_PIXELS, Room
from matinee.images import open_image, prepare, preprocess
from matinee.towers import ImageTower

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
OPENAI = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
RESNET50 = ImageTower("image.onnx", "pixels", 232, 224, "bilinear", *IMAGENET)
CLIP = ImageTower("image.onnx", "pixels", 224, 224, "bicubic", *OPENAI)
SIZES = [(1, 1), (7, 5), (333, 500), (225, 224), (3000, 100), (101, 3000), (1000, 1001)]

Transform = Callable[[Image.Image], npt.NDArray[np.float32]]


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's save options
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    channels = len(Image.new(mode, (1, 1)).getbands())
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, channels), dtype=np.uint8)
    return Image.fromarray(pixels.squeeze(-1) if channels == 1 else pixels, mode)


def png(width: int, height: int, depth: int, colour: int, raw: bytes) -> bytes:
    """A PNG written by hand, for depths that Pillow cannot write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def pixel(image: Image.Image, x: int = 0, y: int = 0) -> tuple[int, ...]:
    assert image.mode == "RGB"
    value = image.getpixel((x, y))
    assert isinstance(value, tuple)
    return value


# The same pixels as the networks were trained on


@pytest.fixture(scope="module")
def torchvision_transform() -> Transform:
    # torchvision cannot be imported beside a CPU torch before this module has been; open_clip imports torchvision too.
    pytest.importorskip("matinee_export.encoders.networks.torchvision_schemas", exc_type=ImportError)
    models = pytest.importorskip("torchvision.models")
    transform = models.ResNet50_Weights.IMAGENET1K_V2.transforms()
    return lambda image: np.asarray(transform(image).numpy())


@pytest.fixture(scope="module")
def open_clip_transform(torchvision_transform: Transform) -> Transform:
    module = pytest.importorskip("open_clip.transform")
    transform = module.image_transform(224, is_train=False, mean=OPENAI[0], std=OPENAI[1])
    return lambda image: np.asarray(transform(image).numpy())


@pytest.mark.parametrize("size", SIZES)
def test_resnet50_pixels_equal_torchvision(size: tuple[int, int], torchvision_transform: Transform) -> None:
    image = noise(*size)
    np.testing.assert_array_equal(preprocess(image, RESNET50), torchvision_transform(image))


@pytest.mark.parametrize("size", SIZES)
def test_clip_pixels_equal_open_clip(size: tuple[int, int], open_clip_transform: Transform) -> None:
    image = noise(*size)
    np.testing.assert_array_equal(preprocess(image, CLIP), open_clip_transform(image))


@pytest.mark.slow
def test_real_posters_get_the_same_pixels_as_from_torchvision_and_open_clip(
    movies_real: Path, torchvision_transform: Transform, open_clip_transform: Transform
) -> None:
    posters = sorted((movies_real / "posters").glob("*.jpg"))[::99][:100]
    assert len(posters) == 100
    for poster in posters:
        image = open_image(poster)
        np.testing.assert_array_equal(
            preprocess(image, RESNET50), torchvision_transform(Image.open(poster)), poster.name
        )
        np.testing.assert_array_equal(preprocess(image, CLIP), open_clip_transform(Image.open(poster)), poster.name)


def large(poster: Path, width: int, height: int, seed: int) -> bytes:
    """A large JPEG made of a real poster and grain, since the posters at hand are small."""
    with Image.open(poster) as small:
        smooth = np.asarray(small.convert("RGB").resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)
    grain = np.random.default_rng(seed).normal(0, 12, smooth.shape)
    return encoded(Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8)), "JPEG", quality=85)


@pytest.mark.parametrize("tower", [RESNET50, CLIP], ids=["resnet50", "clip"])
def test_posters_as_they_come_are_prepared_to_the_last_bit(movies_real: Path, tower: ImageTower) -> None:
    for poster in sorted((movies_real / "posters").glob("*.jpg"))[::400]:
        np.testing.assert_array_equal(prepare(poster, tower), preprocess(open_image(poster), tower), poster.name)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1000, 1500), (1936, 2904), (1934, 2902), (1500, 1000)])
@pytest.mark.parametrize("tower", [RESNET50, CLIP], ids=["resnet50", "clip"])
def test_a_large_jpeg_decoded_small_keeps_its_pixels(
    movies_real: Path, tower: ImageTower, size: tuple[int, int]
) -> None:
    for seed, poster in enumerate(sorted((movies_real / "posters").glob("*.jpg"))[::2500]):
        data = large(poster, *size, seed)
        scale = 255 * np.array(tower.std)[:, None, None]  # back to levels of 0 to 255
        difference = np.abs(prepare(data, tower) - preprocess(open_image(data), tower)) * scale
        assert 0 < difference.mean() < 1.0
        assert np.quantile(difference, 0.99) < 5


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_is_never_decoded_smaller_than_what_is_needed(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for short, expected in ((463, 463), (926, 926), (928, 464), (1854, 927), (1856, 464), (1857, 1857), (3712, 464)):
        data = encoded(Image.new("RGB", (short, 3800), "red"), "JPEG", exif=exif)
        assert min(open_image(data, at_least=464).size) == expected
        assert min(open_image(data).size) == short


def test_only_jpegs_are_decoded_small_and_a_pil_image_is_left_as_it_was() -> None:
    image = Image.new("RGB", (1000, 1500), "red")
    assert open_image(encoded(image, "PNG"), at_least=100).size == (1000, 1500)
    assert open_image(image, at_least=100) is image
    lazy = Image.open(io.BytesIO(encoded(image, "JPEG")))
    assert open_image(lazy, at_least=100).size == lazy.size == (1000, 1500)


def test_a_bomb_is_refused_even_where_it_would_be_decoded_small() -> None:
    bomb = encoded(Image.new("L", (7100, 7100)), "JPEG")
    with pytest.raises(BadImageError, match="50 megapixels"):
        prepare(bomb, CLIP)


def test_one_flat_colour_becomes_its_normalised_value() -> None:
    pixels = preprocess(Image.new("RGB", (50, 80), (255, 0, 51)), RESNET50)
    assert pixels.shape == (3, 224, 224)
    assert pixels.dtype == np.float32
    expected = (np.array([1.0, 0.0, 0.2]) - IMAGENET[0]) / IMAGENET[1]
    np.testing.assert_allclose(pixels, np.broadcast_to(expected[:, None, None], pixels.shape), rtol=1e-6)


@given(st.integers(1, 400), st.integers(1, 400))
def test_any_size_gives_one_finite_square(width: int, height: int) -> None:
    tower = ImageTower("image.onnx", "pixels", 36, 32, "bicubic", *IMAGENET)
    pixels = preprocess(Image.new("RGB", (width, height), "grey"), tower)
    assert pixels.shape == (3, 32, 32)
    assert np.isfinite(pixels).all()


@pytest.mark.parametrize("size", [(20, 20_000), (20_000, 20), (1, 200_000)])
def test_an_extreme_shape_is_prepared_without_growing(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "red")
    tracemalloc.start()
    pixels = preprocess(image, RESNET50)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pixels.shape == (3, 224, 224)
    assert pixels[0].min() > 2
    assert peak < 30e6


# What can be decoded


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_usual_formats_open_from_bytes_and_from_files(format: str, tmp_path: Path) -> None:
    data = encoded(Image.new("RGB", (24, 32), "white"), format)
    path = tmp_path / "poster"
    path.write_bytes(data)
    for source in (data, path, str(path)):
        assert pixel(open_image(source), 5, 5) == (255, 255, 255)


def test_cmyk_comes_out_in_its_colours_not_inverted() -> None:
    cyan = encoded(Image.new("CMYK", (16, 16), (255, 0, 0, 0)), "JPEG", quality=100)
    assert b"Adobe" in cyan[:64]
    np.testing.assert_allclose(pixel(open_image(cyan)), (0, 255, 255), atol=3)
    assert pixel(open_image(encoded(Image.new("CMYK", (16, 16), (0, 255, 0, 0)), "TIFF"))) == (255, 0, 255)


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    samples = np.array([[0, 256, 32896, 65535]], dtype=np.uint16)
    for data in (
        encoded(Image.fromarray(samples), "PNG"),
        encoded(Image.fromarray(samples), "TIFF"),
        b"P5 4 1 65535\n" + samples.astype(">u2").tobytes(),
    ):
        image = open_image(data)
        assert [pixel(image, x)[0] for x in range(4)] == [0, 1, 128, 255]


def test_sixteen_bit_colour_is_scaled_not_clipped() -> None:
    raw = b"\0" + struct.pack(">6H", 65535, 32896, 0, 257, 514, 65535)
    image = open_image(png(2, 1, 16, 2, raw))
    assert [pixel(image, x) for x in range(2)] == [(255, 128, 0), (1, 2, 255)]


def test_float_and_wide_integer_samples_are_scaled_to_what_white_is_in_them() -> None:
    for samples in ([0.0, 0.5, 1.0], [0.0, 127.5, 255.0], [0.0, 500.0, 1000.0]):
        wide = np.array([samples], dtype=np.float32)
        got = [pixel(open_image(Image.fromarray(wide)), x)[0] for x in range(3)]
        if samples[-1] == 1000.0:
            assert got == [0, 2, 4]  # 16-bit samples: white is 65535
        else:
            assert got == [0, 128, 255]
    assert pixel(open_image(Image.fromarray(np.array([[0, 2**31 - 1]], dtype=np.int32))), 1) == (255, 255, 255)
    assert pixel(open_image(Image.fromarray(np.array([[np.nan, np.inf]], dtype=np.float32)))) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "RGBa"])
def test_transparent_pixels_become_white(mode: str) -> None:
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    image.putpixel((3, 3), (0, 0, 0, 255))
    opened = open_image(image.convert(mode))
    assert pixel(opened) == (255, 255, 255)
    assert pixel(opened, 3, 3) == (0, 0, 0)


def test_a_palette_with_an_alpha_channel_lies_on_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30])
    image.putalpha(Image.frombytes("L", (2, 1), bytes([0, 255])))
    assert image.mode == "PA"
    assert [pixel(open_image(image), x) for x in range(2)] == [(255, 255, 255), (10, 20, 30)]


def test_half_transparent_black_becomes_grey() -> None:
    assert pixel(open_image(encoded(Image.new("RGBA", (2, 2), (0, 0, 0, 128)), "PNG"))) == (127, 127, 127)


@pytest.mark.parametrize("transparency", [0, bytes([0, 255])])
def test_a_palette_with_transparency_lies_on_white(transparency: int | bytes) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    opened = open_image(encoded(image, "PNG", transparency=transparency))
    assert [pixel(opened, x) for x in range(2)] == [(255, 255, 255), (40, 50, 60)]


def test_transparent_colour_of_grey_and_rgb_pngs_lies_on_white() -> None:
    grey = Image.new("L", (2, 1))
    grey.putpixel((1, 0), 90)
    assert pixel(open_image(encoded(grey, "PNG", transparency=90)), 1) == (255, 255, 255)
    colour = Image.new("RGB", (2, 1), (1, 2, 3))
    assert pixel(open_image(encoded(colour, "PNG", transparency=(1, 2, 3)))) == (255, 255, 255)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF", "MPO"])
def test_of_a_moving_image_the_first_frame_is_taken(format: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    options: dict[str, Any] = {"lossless": True} if format == "WEBP" else {}
    data = encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)
    np.testing.assert_allclose(pixel(open_image(data), 8, 8), (255, 0, 0), atol=3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation: int) -> None:
    upright = Image.new("RGB", (32, 48), "white")
    upright.paste("black", (0, 0, 16, 16))  # a mark in the top left corner
    upright.paste("red", (16, 0, 32, 16))  # another in the top right
    stored = {
        1: lambda image: image,
        2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda image: image.rotate(180),
        4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
        6: lambda image: image.rotate(90, expand=True),  # the viewer must turn it clockwise
        7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
        8: lambda image: image.rotate(-90, expand=True),
    }[orientation](upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    for format in ("PNG", "JPEG", "WEBP"):
        opened = open_image(encoded(stored, format, exif=exif, quality=100))
        assert opened.size == (32, 48)
        np.testing.assert_allclose(pixel(opened, 4, 4), (0, 0, 0), atol=6)
        np.testing.assert_allclose(pixel(opened, 26, 4), (255, 0, 0), atol=6)
        np.testing.assert_allclose(pixel(opened, 26, 40), (255, 255, 255), atol=6)


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0"])
def test_broken_exif_does_not_spoil_a_good_picture(exif: bytes) -> None:
    assert open_image(encoded(Image.new("RGB", (8, 8)), "JPEG", exif=exif)).size == (8, 8)


def test_a_pil_image_is_left_as_it_was() -> None:
    given_image = Image.new("RGBA", (8, 4), (0, 0, 0, 0))
    given_image.getexif()[0x0112] = 6
    opened = open_image(given_image)
    assert opened.size == (4, 8)
    assert (given_image.mode, given_image.size, given_image.getexif()[0x0112]) == ("RGBA", (8, 4), 6)


# What is refused, in one sentence


def refusal(source: Any) -> str:  # noqa: ANN401 - wrong types are part of what is refused
    with pytest.raises(BadImageError) as caught:  # warnings are errors in every test, so none leaks either
        open_image(source)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 250
    return message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "heat.jpg") == "'heat.jpg' does not exist; give the path of an image file"
    assert "does not exist" in refusal("no\0name.jpg")
    assert refusal("x" * 5000).startswith("'xxxxxxxxxx")


def test_a_folder_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path.name!r} is a folder; give the path of one image file"
    assert "is a folder" in refusal("")


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "heat.jpg").touch()
    assert refusal(tmp_path / "heat.jpg").startswith("'heat.jpg' is empty")
    assert refusal(b"").startswith("the image is empty")


def test_a_truncated_jpeg_is_said_to_be_cut_short(tmp_path: Path) -> None:
    data = encoded(noise(200, 300), "JPEG")
    (tmp_path / "heat.jpg").write_bytes(data[: len(data) // 2])
    assert refusal(tmp_path / "heat.jpg").startswith("'heat.jpg' is damaged or cut short (")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "PPM", "AVIF"])
def test_no_truncation_or_flipped_bytes_escape_as_another_error(format: str) -> None:
    data = encoded(noise(24, 24), format)
    random = np.random.default_rng(3)
    for _ in range(150):
        damaged = bytearray(data[: random.integers(1, len(data) + 1)])
        for place in random.integers(0, len(damaged), 3):
            damaged[place] = random.integers(0, 256)
        with contextlib.suppress(BadImageError):
            assert open_image(bytes(damaged)).mode == "RGB"


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html>", b"\n<html lang=en>", b"\xef\xbb\xbf<!doctype html>"])
def test_a_web_page_named_jpg_is_recognised(page: bytes, tmp_path: Path) -> None:
    (tmp_path / "heat.jpg").write_bytes(page + b"<body>404 not found</body></html>")
    assert refusal(tmp_path / "heat.jpg") == "'heat.jpg' is a web page, not an image; save the picture itself"


@pytest.mark.parametrize("start", [b"", b'<?xml version="1.0"?>\n<!-- by hand -->'])
def test_an_svg_drawing_is_recognised(start: bytes) -> None:
    drawing = start + b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert refusal(drawing) == "the image is an SVG drawing, not a picture; save it as PNG or JPEG"


@pytest.mark.parametrize(
    "data", [b"x", b"PK\x03\x04" + bytes(60), b"%PDF-1.7", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\xff" * 99]
)
def test_what_is_no_image_says_what_to_give(data: bytes) -> None:
    assert refusal(data) == "the image is not an image that can be read; give a JPEG, PNG, WebP or GIF image"


@pytest.mark.parametrize("side", [7100, 12_000, 20_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    rows = zlib.compress(bytes(1024))  # far too few: decoding would fail with another message
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    assert side * side > MAX_PIXELS
    assert "50 megapixels; make it smaller" in refusal(data)


def test_a_pil_image_is_held_to_the_same_size_limit() -> None:
    assert refusal(Image.new("1", (8000, 8000))).startswith("the image is 8000 x 8000 pixels")


def test_a_pil_image_without_pixels_is_refused() -> None:
    assert "has no pixels" in refusal(Image.new("RGB", (0, 5)))


@pytest.mark.parametrize("source", [None, 7, ["a.jpg"], np.zeros((4, 4, 3))])
def test_other_types_are_refused_by_name(source: object) -> None:
    assert refusal(source) == f"a poster must be a path, bytes or a PIL image, got {type(source).__name__}"


# What takes too much is refused before it is decoded


def test_a_jpeg_of_a_thousand_scans_is_refused_before_it_is_decoded() -> None:
    data = encoded(Image.new("L", (7000, 7000)), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xc4", 0, data.rindex(b"\xff\xda")) : -2]
    start = time.thread_time()
    assert "too much time or memory" in refusal(data[:-2] + 1000 * last + data[-2:])
    assert time.thread_time() - start < 1


def test_a_directory_whose_entries_all_hold_the_same_megabyte_takes_no_memory() -> None:
    size, entries = 1_000_000, 5000
    listed = b"".join(struct.pack("<HHII", 1000 + number, 7, size, 8) for number in range(entries))
    directory = (b"II*\0" + struct.pack("<IH", 8, entries) + listed).ljust(size + 8, b"\0")
    bodies = [b"Exif\0\0" + directory[place : place + 65_000] for place in range(0, len(directory), 65_000)]
    picture = encoded(Image.new("RGB", (8, 8)), "JPEG")
    segments = b"".join(struct.pack(">BBH", 255, 0xE1, len(body) + 2) + body for body in bodies)
    tracemalloc.start()
    try:
        assert open_image(picture[:2] + segments + picture[2:]).size == (8, 8)
        assert "too much time or memory" in refusal(directory)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("blocks", [b"\x01a" * 900_000])
def test_a_million_parts_of_nothing_are_not_all_read(blocks: bytes) -> None:
    start = time.thread_time()
    refusal(b"GIF89a\1\0\1\0\0\0\0!\xfe" + blocks + b"\0;")
    assert time.thread_time() - start < 5


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
@given(data=st.data())
def test_wide_samples_are_scaled_strip_by_strip_as_in_one_piece(mode: str, data: st.DataObject) -> None:
    top = data.draw(st.sampled_from([0.7, 1.0, 200.0, 255.0, 256.0, 65535.0]))
    samples = np.random.default_rng(data.draw(st.integers(0, 99))).random((7, 5)) * top
    image = Image.fromarray(samples.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
    values = np.asarray(image).astype(np.float64)
    usual = {"F": (1.0, 255.0, 65535.0), "I": (255.0, 65535.0)}.get(mode, (65535.0,))
    white = next((w for w in usual if values.max() <= w), values.max())
    expected = np.rint(values.clip(0, white) * (255.0 / white)).astype(np.uint8)
    with strips_of(9):
        opened = open_image(image)
    np.testing.assert_array_equal(np.asarray(opened), np.repeat(expected[..., None], 3, 2))


@contextlib.contextmanager
def strips_of(pixels: int) -> Iterator[None]:
    """Let a strip have so few pixels that a small picture has several."""
    before, image_modes.STRIP = image_modes.STRIP, pixels
    try:
        yield
    finally:
        image_modes.STRIP = before


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "L"])
def test_strips_are_turned_as_the_whole_picture_is(mode: str, orientation: int) -> None:
    image = noise(11, 7, mode)
    whole = image_modes.upright_rgb(image, 1)
    turn = image_modes.UPRIGHT.get(orientation)
    with strips_of(25):
        np.testing.assert_array_equal(
            np.asarray(image_modes.upright_rgb(image, orientation)),
            np.asarray(whole if turn is None else whole.transpose(turn)),
        )


def test_an_image_waits_until_there_is_room_for_it() -> None:
    room = Room(10)
    order: list[str] = []

    def take() -> None:
        with room.taking(6):
            order.append("second")

    with room.taking(6):
        thread = threading.Thread(target=take)
        thread.start()
        with room.taking(4):  # what fits does not wait behind what does not
            order.append("first")
    thread.join()
    assert order == ["first", "second"]
