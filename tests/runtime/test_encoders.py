"""Encoders: unit vectors in order, alone as in company, from streams of any length; clear words where one fails."""

from __future__ import annotations

import json
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, repeat
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from matinee import networks, session
from matinee.encoders import WINDOW, Encoder, EncoderSpec, ImageTower, TextTower
from matinee.errors import BadImageError, BadInputError, BadTextError, BundleError, MatineeError
from matinee.images import ImageSource
from matinee.parallel import THREADS

Vectors = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def encoder(tiny_encoder: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return Encoder.open(tiny_encoder(tmp_path_factory.mktemp("clip"), "clip"), threads=1)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The networks that are opened from here on: name of the file, and threads of a run."""
    noted: list[tuple[str, int]] = []
    real = session.open_session

    def open_session(path: Path, **options: Any) -> Any:  # noqa: ANN401 - passed on as it is
        noted.append((path.name, options["threads"]))
        return real(path, **options)

    monkeypatch.setattr(networks, "open_session", open_session)
    return noted


@pytest.fixture
def folder(tiny_encoder: Callable[..., Path], tmp_path: Path) -> Path:
    """An encoder folder to spoil."""
    return tiny_encoder(tmp_path / "clip", "clip")


def poster(colour: int) -> Image.Image:
    return Image.new("RGB", (40 + colour % 7, 60), (colour % 256, 37 * colour % 256, 91 * colour % 256))


def joined(blocks: Iterator[Vectors]) -> Vectors:
    return np.concatenate(list(blocks))


# Vectors


def test_a_text_and_a_poster_become_unit_float32_vectors(encoder: Encoder) -> None:
    for vector in (encoder.text("a great heist movie"), encoder.poster(poster(3))):
        assert vector.shape == (encoder.dim,)
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_like_texts_and_like_posters_are_nearer_than_unlike_ones(encoder: Encoder) -> None:
    heist = encoder.text("great heist movie")
    assert heist @ encoder.text("a heist and a great robbery") > heist @ encoder.text("wedding romance") + 0.1
    red = encoder.poster(Image.new("RGB", (40, 60), "red"))
    assert red @ encoder.poster(Image.new("RGB", (90, 60), "darkred")) > red @ encoder.poster(poster(200)) + 0.1


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=200),
    st.integers(1, 5),
)
def test_texts_of_any_lengths_come_back_in_order_and_as_if_alone(
    encoder: Encoder, lengths: list[int], batch_size: int
) -> None:
    words = ["heist", "robot", "wedding", "ghost", "sea", "train"]
    texts = [" ".join(words[(row + i * i) % 6] for i in range(length)) for row, length in enumerate(lengths)]
    together = joined(encoder.embed_texts(texts, batch_size=batch_size))
    alone = np.stack([encoder.text(text) for text in texts])
    assert together.shape == alone.shape
    assert (together * alone).sum(axis=1).min() >= 0.9999


@given(st.lists(st.integers(0, 255), max_size=40), st.integers(1, 7))
def test_posters_come_back_in_order_and_as_if_alone(encoder: Encoder, colours: list[int], batch_size: int) -> None:
    together = list(encoder.embed_posters(map(poster, colours), batch_size=batch_size))
    assert [len(block) for block in together[:-1]] == [batch_size] * (len(together) - 1)
    assert sum(map(len, together)) == len(colours)
    for vector, colour in zip(np.concatenate(together) if together else [], colours, strict=True):
        assert vector @ encoder.poster(poster(colour)) >= 0.9999


def test_a_short_text_is_not_changed_by_the_padding_a_long_one_brings(encoder: Encoder) -> None:
    together = joined(encoder.embed_texts(["heist", "a wedding at sea " * 8]))
    np.testing.assert_allclose(together[0], encoder.text("heist"), atol=1e-6)


def test_texts_are_cleaned_and_cut_to_the_length_of_the_encoder(encoder: Encoder) -> None:
    np.testing.assert_array_equal(encoder.text(" great\0\n movie "), encoder.text("great movie"))
    np.testing.assert_array_equal(encoder.text("train " * 30), encoder.text("train " * 20_000))


def test_no_items_give_no_blocks(encoder: Encoder) -> None:
    assert list(encoder.embed_texts([])) == []
    assert list(encoder.embed_posters([])) == []


def test_posters_come_from_paths_bytes_and_images_alike(encoder: Encoder, tmp_path: Path) -> None:
    image = poster(9)
    image.save(tmp_path / "heat.png")
    sources: list[ImageSource] = [
        image,
        tmp_path / "heat.png",
        str(tmp_path / "heat.png"),
        (tmp_path / "heat.png").read_bytes(),
    ]
    vectors = joined(encoder.embed_posters(sources))
    np.testing.assert_allclose(vectors, np.tile(vectors[0], (4, 1)), atol=1e-6)


# Streams


def test_an_endless_stream_gives_its_first_block_and_no_more_is_read_than_two_windows(encoder: Encoder) -> None:
    read = count()
    texts = (f"movie {next(read)}" for _ in repeat(None))
    assert next(encoder.embed_texts(texts)).shape == (WINDOW, encoder.dim)
    assert next(read) == 2 * WINDOW


def test_an_endless_stream_of_posters_is_read_two_batches_ahead_at_most(encoder: Encoder) -> None:
    read = count()
    images = (poster(next(read)) for _ in repeat(None))
    blocks = encoder.embed_posters(images, batch_size=4)
    assert next(blocks).shape == (4, encoder.dim)
    assert next(read) <= 3 * 4
    blocks.close()  # type: ignore[attr-defined]  # it is a generator
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(THREADS)]


def test_a_stream_that_is_broken_off_leaves_no_thread_behind(encoder: Encoder) -> None:
    for blocks in (encoder.embed_texts(repeat("heist")), encoder.embed_posters(map(poster, count()))):
        next(blocks)
        blocks.close()  # type: ignore[attr-defined]  # it is a generator
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(THREADS)]


def test_nothing_is_read_before_the_first_block_is_asked_for(encoder: Encoder) -> None:
    def never() -> Iterator[Any]:
        pytest.fail("an item was read")
        yield

    encoder.embed_texts(never())
    encoder.embed_posters(never())


def test_memory_does_not_grow_with_the_stream(encoder: Encoder) -> None:
    def peak(texts: int) -> int:
        tracemalloc.start()
        for block in encoder.embed_texts(repeat("a great heist movie", texts), batch_size=2):
            assert block.shape[1] == encoder.dim
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2 * WINDOW)
    assert peak(12 * WINDOW) < 1.5 * peak(3 * WINDOW)


def test_short_texts_share_batches_and_long_ones_do_not_widen_them(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: list[tuple[int, ...]] = []
    run = networks.TextNetwork.run

    def noted(self: networks.TextNetwork, tokens: Any) -> Vectors:  # noqa: ANN401 - passed on as it is
        shapes.append((len(tokens), max(map(len, tokens)), sum(map(len, tokens))))
        return run(self, tokens)

    monkeypatch.setattr(networks.TextNetwork, "run", noted)
    texts = [text for _ in range(16) for text in ("heist", "a wedding at sea " * 8)]
    joined(encoder.embed_texts(texts, batch_size=4))
    assert max(rows * width for rows, width, _ in shapes) <= 4 * 32
    assert sum(rows * width for rows, width, _ in shapes) == sum(kept for *_, kept in shapes), "nothing is padded"
    assert len(shapes) == 4 + 1, "16 long texts in batches of 4, and all the short ones in one"


def test_a_question_opens_a_network_of_all_threads_and_a_stream_one_of_a_single_thread(
    folder: Path, opened: list[tuple[str, int]]
) -> None:
    encoder = Encoder.open(folder, threads=3)
    encoder.text("heist")
    assert opened == [("text.onnx", 3)]
    joined(encoder.embed_texts(["heist", "a wedding at sea"]))
    joined(encoder.embed_texts(["heist"]))
    assert opened == [("text.onnx", 3), ("text.onnx", 1)]


# Bad items


def test_a_bad_item_stops_the_stream_unless_someone_listens(encoder: Encoder) -> None:
    with pytest.raises(BadTextError):
        joined(encoder.embed_texts(["good", ""]))
    with pytest.raises(BadImageError, match=r"'no\.jpg' does not exist"):
        joined(encoder.embed_posters([poster(1), "no.jpg"]))


def test_bad_texts_are_reported_by_position_and_their_rows_are_zero(encoder: Encoder) -> None:
    texts: list[str] = ["good heist"] * (WINDOW + 10)
    bad = [0, 5, WINDOW - 1, WINDOW, WINDOW + 9]
    for row in bad:
        texts[row] = " "
    told: list[tuple[int, MatineeError]] = []
    vectors = joined(encoder.embed_texts(texts, batch_size=1, on_error=lambda row, error: told.append((row, error))))
    assert [row for row, _ in told] == bad
    assert all(isinstance(error, BadTextError) for _, error in told)
    np.testing.assert_allclose(
        np.linalg.norm(vectors, axis=1), [row not in bad for row in range(len(texts))], atol=1e-6
    )


def test_bad_posters_are_reported_by_position_and_their_rows_are_zero(encoder: Encoder) -> None:
    sources: list[Any] = [poster(row) for row in range(11)]
    bad = [0, 3, 4, 5, 10]
    for row in bad:
        sources[row] = b"<html>"
    told: dict[int, str] = {}
    blocks = encoder.embed_posters(sources, batch_size=3, on_error=lambda row, error: told.update({row: str(error)}))
    vectors = joined(blocks)
    assert list(told) == bad
    assert set(told.values()) == {"the image is a web page, not an image; save the picture itself"}
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [row not in bad for row in range(11)], atol=1e-6)


def test_only_bad_items_give_only_zero_rows(encoder: Encoder) -> None:
    for blocks in (
        encoder.embed_texts(["", " "], on_error=lambda *_: None),
        encoder.embed_posters([b"", b"x"], on_error=lambda *_: None),
    ):
        np.testing.assert_array_equal(joined(blocks), np.zeros((2, encoder.dim)))


def test_an_error_of_the_source_itself_comes_through(encoder: Encoder) -> None:
    def broken() -> Iterator[Any]:
        yield "good"
        raise RuntimeError("the disk is gone")

    for blocks in (encoder.embed_texts(broken()), encoder.embed_posters(broken())):
        with pytest.raises(RuntimeError, match="the disk is gone"):
            list(blocks)


@pytest.mark.parametrize("method", ["embed_texts", "embed_posters"])
def test_one_item_in_place_of_many_and_batches_of_none_are_refused_at_the_call(encoder: Encoder, method: str) -> None:
    embed = getattr(encoder, method)
    with pytest.raises(BadInputError, match="an iterable of items is needed, not one str; put it in a list"):
        embed("a text or a path")
    with pytest.raises(BadInputError, match="batch_size must be at least 1, got 0"):
        embed([], batch_size=0)


# Towers and networks


def test_an_encoder_without_the_tower_says_what_it_has(tiny_encoder: Callable[..., Path], tmp_path: Path) -> None:
    bert = Encoder.open(tiny_encoder(tmp_path / "bert", "bert", ["text"]))
    resnet50 = Encoder.open(tiny_encoder(tmp_path / "resnet50", "resnet50", ["image"]))
    assert (list(bert.towers), list(resnet50.towers)) == (["text"], ["image"])
    sees: tuple[Callable[[Any], object], ...] = (bert.embed_posters, bert.poster)
    for ask in sees:
        with pytest.raises(BadInputError, match="the encoder 'bert' sees no posters; it reads texts only"):
            ask([])  # the wrong tower comes before the wrong item
    reads: tuple[Callable[[Any], object], ...] = (resnet50.embed_texts, resnet50.text)
    for ask in reads:
        with pytest.raises(BadInputError, match="the encoder 'resnet50' reads no texts; it sees posters only"):
            ask([])


def test_networks_are_opened_when_needed_and_once_for_all_threads(folder: Path, opened: list[tuple[str, int]]) -> None:
    encoder = Encoder.open(folder, threads=2)
    assert opened == []
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(encoder.text, ["great heist"] * 32))
    assert opened == [("text.onnx", 2)]
    np.testing.assert_array_equal(np.stack(vectors), np.tile(vectors[0], (32, 1)))


@pytest.mark.parametrize("inputs", [["input_ids"], ["token_type_ids", "input_ids", "attention_mask"]])
@pytest.mark.parametrize("pad_to_max", [False, True])
def test_a_network_is_fed_the_inputs_it_names_and_padded_as_it_says(
    inputs: list[str], pad_to_max: bool, folder: Path, tiny: ModuleType
) -> None:
    # This network's vector is (tokens, sum of the ids, sum of the mask or type ids it takes), one number each.
    helper, int64 = tiny.helper, tiny.TensorProto.INT64
    nodes = [
        *(helper.make_node("ReduceSum", [name, "axis"], [f"{name}_sum"], keepdims=1) for name in inputs),
        helper.make_node("Shape", ["input_ids"], ["width"], start=1, end=2),
        helper.make_node("Expand", ["width", "shape"], ["widths"]),
        helper.make_node("Shape", ["input_ids_sum"], ["shape"]),
        helper.make_node("Concat", ["widths", *(f"{name}_sum" for name in inputs)], ["all"], axis=1),
        helper.make_node("Cast", ["all"], ["vector"], to=tiny.TensorProto.FLOAT),
    ]
    nodes.insert(len(inputs), nodes.pop(len(inputs) + 2))
    takes = [helper.make_tensor_value_info(name, int64, ["batch", "tokens"]) for name in inputs]
    tiny.write_network(folder / "text.onnx", nodes, takes, {"axis": np.array([1])}, 1 + len(inputs))
    edit(folder, ("dim", 1 + len(inputs)), ("towers.text.inputs", inputs), ("towers.text.pad_to_max", pad_to_max))
    spec = EncoderSpec.load(folder)
    assert spec.text is not None
    network = networks.TextNetwork(folder, spec, spec.text, 1, None)
    vectors = network.run([np.array([2, 9, 3]), np.array([2, 9, 9, 9, 3])])
    wanted = {"input_ids": [14, 32], "attention_mask": [3, 5], "token_type_ids": [0, 0]}
    widths = [32, 32] if pad_to_max else [3, 5]  # on a CPU, rows of other lengths are run one after the other
    np.testing.assert_array_equal(vectors.T, [widths, *(wanted[name] for name in inputs)])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_vectors_that_are_not_finite_are_refused(value: float, folder: Path, tiny: ModuleType) -> None:
    write_constant(folder, tiny, np.full(32, value))
    with pytest.raises(
        BundleError, match=r"text\.onnx gave values that are not finite numbers; export its encoder again"
    ):
        Encoder.open(folder).text("good")


def test_a_network_that_finds_nothing_gives_a_zero_row(folder: Path, tiny: ModuleType) -> None:
    write_constant(folder, tiny, np.zeros(32))
    np.testing.assert_array_equal(Encoder.open(folder).text("good"), np.zeros(32))


def test_huge_and_tiny_vectors_are_still_made_unit(folder: Path, tiny: ModuleType) -> None:
    for value in (1e38, 1e-38):
        write_constant(folder, tiny, np.full(32, value))
        assert np.linalg.norm(Encoder.open(folder).text("good")) == pytest.approx(1, abs=1e-5)


def test_vectors_of_another_length_than_said_are_refused(folder: Path) -> None:
    edit(folder, ("dim", 33))
    with pytest.raises(BundleError, match=r"vector of kind 1 and shape \(any, 32\) where .* says 1 and \(any, 33\)"):
        Encoder.open(folder).text("good")


def test_inputs_other_than_the_network_takes_are_refused(folder: Path) -> None:
    edit(folder, ("towers.text.inputs", ["input_ids"]))
    with pytest.raises(BundleError, match=r"takes \['attention_mask', 'input_ids'\].* says \['input_ids'\]"):
        Encoder.open(folder).text("good")


def test_pictures_of_another_size_than_the_network_takes_are_refused(folder: Path) -> None:
    edit(folder, ("towers.image.crop", 16))
    with pytest.raises(
        BundleError, match=r"pixels of kind 1 and shape \(any, 3, 32, 32\) .* says 1 and \(any, 3, 16, 16\)"
    ):
        Encoder.open(folder).poster(poster(1))


def test_a_network_that_fails_while_running_is_named(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"]["good"] = 1_000_000  # the network's table has no such row
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(BundleError, match=r"text\.onnx failed \(.*\); build or fetch the bundle again"):
        Encoder.open(folder).text("good")


@pytest.mark.parametrize("name", ["text.onnx", "tokenizer.json"])
def test_a_missing_file_of_the_encoder_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"{name} is missing"):
        Encoder.open(folder).text("good")


# encoder.json


def test_encoder_json_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    text = TextTower("text.onnx", "tokenizer.json", 77, 0, ("input_ids", "attention_mask"), "int8", pad_to_max=True)
    image = ImageTower("image.onnx", "pixels", 232, 224, "bilinear", (0.1, 0.2, 0.3), (1.0, 2.0, 3.0), "fp16")
    for spec in (EncoderSpec("a", 4, text, image), EncoderSpec("a", 4, text), EncoderSpec("a", 4, None, image)):
        spec.save(tmp_path)
        assert EncoderSpec.load(tmp_path) == spec


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("dim", 0, "dim must be a whole number from 1 to 65,536, not 0"),
        ("dim", 10**9, "dim must be a whole number from 1 to 65,536, not 1000000000"),
        ("dim", True, "dim must be a whole number from 1 to 65,536, not true"),
        ("name", None, "name must be a name, not null"),
        ("towers", [], r"towers must be a JSON object, not \[\]"),
        ("towers", {}, '"towers" must hold "text", "image" or both, not nothing'),
        ("towers.sound", {}, r'"towers" must hold "text", "image" or both, not \[\'sound\'\]'),
        ("towers.text", "bert", "text tower must be a JSON object, not str"),
        ("towers.text.inputs", ["ids"], "inputs must be a list with input_ids"),
        ("towers.text.max_tokens", "77", 'max_tokens must be a whole number from 1 to 8,192, not "77"'),
        ("towers.text.pad_id", -1, "pad_id must be a token id, not -1"),
        ("towers.text.pad_to_max", 1, "pad_to_max must be true or false, not 1"),
        ("towers.text.network", "../text.onnx", "network must be a file name in this folder"),
        ("towers.text.tokenizer", "/etc/passwd", "tokenizer must be a file name in this folder"),
        ("towers.image.interpolation", "area", "interpolation must be one of bilinear, bicubic, lanczos"),
        ("towers.image.mean", [0.5, 0.5], "mean must be three numbers"),
        ("towers.image.std", [0.5, 0.5, 0], "std must be three numbers above 0"),
        ("towers.image.resize", 1_000_000, "resize must be a number of pixels up to 2,048, not 1000000"),
        ("towers.image.crop", 64, "crop 64 is larger than resize 36"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_should_be(field: str, value: object, message: str, folder: Path) -> None:
    edit(folder, (field, value))
    with pytest.raises(BundleError, match=message):
        Encoder.open(folder)


def test_missing_fields_are_named(folder: Path) -> None:
    data = json.loads((folder / "encoder.json").read_text())
    del data["towers"]["image"]["mean"], data["towers"]["image"]["input"]
    (folder / "encoder.json").write_text(json.dumps(data))
    with pytest.raises(
        BundleError, match=r"encoder\.json, image tower lacks input, mean; build or fetch the bundle again"
    ):
        Encoder.open(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is damaged"),
        (b"\xff", "is damaged"),
        (b"[" * 90_000, "is damaged"),
        (b" " * 200_000, "has more than"),
        (b"[]", "must be a JSON object, not list"),
    ],
)
def test_an_encoder_json_that_is_none_is_named(content: bytes, message: str, folder: Path) -> None:
    (folder / "encoder.json").write_bytes(content)
    with pytest.raises(BundleError, match=rf"encoder\.json {message}"):
        Encoder.open(folder)


def test_a_folder_without_encoder_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"encoder\.json is missing"):
        Encoder.open(tmp_path)


def edit(folder: Path, *changes: tuple[str, object]) -> None:
    """Set fields of an encoder.json, each named by its path."""
    data = json.loads((folder / "encoder.json").read_text())
    for path, value in changes:
        *outer, name = path.split(".")
        place = data
        for key in outer:
            place = place[key]
        place[name] = value
    (folder / "encoder.json").write_text(json.dumps(data))


def write_constant(folder: Path, tiny: ModuleType, vector: npt.NDArray[np.float64]) -> None:
    """Replace the text network by one that answers `vector` to everything."""
    helper = tiny.helper
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["ids"], to=tiny.TensorProto.FLOAT),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=tiny.TensorProto.FLOAT),
        helper.make_node("Sub", ["ids", "ids"], ["zero"]),
        helper.make_node("Mul", ["zero", "mask"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros", "axis"], ["column"], keepdims=1),  # (batch, 1) of 0
        helper.make_node("Add", ["column", "answer"], ["vector"]),
    ]
    names = ("input_ids", "attention_mask")
    takes = [helper.make_tensor_value_info(name, tiny.TensorProto.INT64, ["batch", "tokens"]) for name in names]
    constants = {"axis": np.array([1]), "answer": vector.astype(np.float32)[None, :]}
    tiny.write_network(folder / "text.onnx", nodes, takes, constants, len(vector))
