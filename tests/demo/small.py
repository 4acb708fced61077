"""Writes a small but whole bundle in a second: a few dozen films, tiny real encoders, all models and a hybrid.

The factors are random; what is tested with it is the page, not taste.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from matinee.catalogue import Catalogue, Movie, Quote
from matinee.encoders import Encoder
from matinee.index import Index
from matinee.manifest import FORMAT, DatasetInfo, EncoderInfo, Manifest, ModelInfo, list_files
from matinee.zero_shot import GenreAccuracy, genre_prompts

FILMS = """\
tt0017136;Metropolis;1927;Drama|Sci-Fi;8.3
tt0032910;Pinocchio;1940;Animation|Children|Fantasy|Musical;7.5
tt0045152;Singin' in the Rain;1952;Comedy|Musical|Romance;8.3
tt0055614;West Side Story;1961;Drama|Musical|Romance;7.6
tt0058385;My Fair Lady;1964;Comedy|Drama|Musical|Romance;7.9
tt0063385;Oliver!;1968;Drama|Musical;7.5
tt0070047;The Exorcist;1973;Horror|Mystery;8.0
tt0071315;Chinatown;1974;Crime|Film-Noir|Mystery|Thriller;
tt0073195;Jaws;1975;Action|Horror;8.0
tt0077416;The Deer Hunter;1978;Drama|War;8.2
tt0079944;Stalker;1979;Drama|Mystery|Sci-Fi;
tt0081505;The Shining;1980;Horror;8.4
tt0084787;The Thing;1982;Action|Horror|Sci-Fi|Thriller;8.2
tt0087843;Once Upon a Time in America;1984;Crime|Drama;8.4
tt0092048;Tampopo;1985;Comedy;7.9
tt0097576;Indiana Jones and the Last Crusade;1989;Action|Adventure;8.3
tt0102926;The Silence of the Lambs;1991;Crime|Horror|Thriller;8.6
tt0107290;Jurassic Park;1993;Action|Adventure|Sci-Fi|Thriller;8.1
tt0111257;Speed;1994;Action|Romance|Thriller;7.2
tt0114709;Toy Story;1995;Adventure|Animation|Children|Comedy|Fantasy;8.3
tt0118884;Contact;1997;Drama|Sci-Fi;7.4
tt0120601;Being John Malkovich;1999;Comedy|Drama|Fantasy;7.8
tt0128445;Rushmore;1998;Comedy|Drama;7.7
tt0162222;Cast Away;2000;Drama;7.7
tt0181875;Almost Famous;2000;Drama;7.9
tt0211915;Amelie;2001;Comedy|Romance;8.4
tt0247586;Nine Queens;2000;Crime|Thriller;7.9
tt0278504;Insomnia;2002;Action|Crime|Drama|Mystery|Thriller;7.2
tt0317248;City of God;2002;Action|Adventure|Crime|Drama|Thriller;8.7
tt0363163;Downfall;2004;Drama|War;8.3
tt0379786;Serenity;2005;Action|Adventure|Sci-Fi;8.0
tt0405094;The Lives of Others;2006;Drama|Romance|Thriller;8.5
tt0449059;Little Miss Sunshine;2006;Adventure|Comedy|Drama;7.9
tt0470752;Ex Machina;2015;Drama|Sci-Fi|Thriller;7.7
tt0808417;Persepolis;2007;Animation|Drama;8.0
tt0993846;The Wolf of Wall Street;2013;Comedy|Crime|Drama;8.2
tt1182345;Moon;2009;Drama|Mystery|Sci-Fi|Thriller;7.9
tt1375666;Inception;2010;Action|Crime|Drama|Mystery|Sci-Fi|Thriller|IMAX;8.8
tt1631867;Edge of Tomorrow;2014;Action|Sci-Fi|IMAX;7.9
tt1979320;Rush;2013;Action|Drama;8.1
tt2294629;Frozen;2013;Adventure|Animation|Comedy|Fantasy|Musical|Romance;7.6
tt2872718;Nightcrawler;2014;Crime|Drama|Thriller;7.9
tt4468740;Paddington 2;2017;Adventure|Animation|Children|Comedy;7.9
tt5580390;The Shape of Water;2017;Adventure|Drama|Fantasy;7.3
"""
"""Facts of real films: IMDb id, title, year, genres, score."""

WEIGHTS = {"bert": "packaged", "resnet50": "seeded", "clip": "pretrained"}
TOWERS: dict[str, tuple[Literal["text", "image"], ...]] = {
    "bert": ("text",),
    "resnet50": ("image",),
    "clip": ("text", "image"),
}
PARAMS = {"bpr": {"regularization": 0.01}, "als": {"alpha": 10.0, "regularization": 0.1}}

METRICS = {"ndcg@10": 0.1, "recall@10": 0.2, "coverage@10": 0.5, "novelty@10": 4.0}

WriteEncoder = Callable[[Path, str, Sequence[str]], Path]


def write_small_bundle(folder: Path, write_encoder: WriteEncoder) -> Path:
    """Write the bundle into `folder` and return it."""
    (folder / "posters").mkdir(parents=True)
    catalogue = Catalogue([_movie(row, *line.split(";")) for row, line in enumerate(FILMS.splitlines())])
    catalogue.save(folder / "catalogue.jsonl")
    texts = [f"a film about {' and '.join(movie.genres).lower()}" for movie in catalogue]
    for movie in catalogue:
        if movie.poster:
            write_poster(folder / movie.poster, movie.title)
    dims = {}
    for model, vectors in _vectors(folder, catalogue, texts, write_encoder).items():
        place = folder / "models" / model
        place.mkdir(parents=True)
        np.save(place / "movies.npy", vectors)
        Index.build(vectors, seed=0).save(place)
        np.save(place / "map.npy", np.random.default_rng(1).uniform(-1, 1, (len(catalogue), 2)).astype(np.float32))
        dims[model] = vectors.shape[1]
    (folder / "models" / "hybrid").mkdir()
    np.save(folder / "models" / "hybrid" / "prior.npy", np.zeros((len(catalogue), 2), np.float32))
    _write_genres(folder, catalogue)
    _manifest(folder, dims).save(folder)
    return folder


def _write_genres(folder: Path, catalogue: Catalogue) -> None:
    """What CLIP needs to read genres in posters, and its vectors of the posters themselves."""
    place = folder / "models" / "clip"
    encoder = Encoder.open(folder / "encoders" / "clip")
    posters = [folder / movie.poster if movie.poster else Image.new("RGB", (20, 30)) for movie in catalogue]
    vectors = np.vstack(list(encoder.embed_posters(posters)))
    vectors[[movie.poster is None for movie in catalogue]] = 0
    np.save(place / "posters.npy", vectors)
    np.save(place / "genres.npy", genre_prompts(encoder, catalogue.genres))
    accuracy = GenreAccuracy(posters=40, top1=0.3, map=0.3, common_top1=0.5, common_map=0.5, shuffled_top1=0.3)
    facts = {"genres": list(catalogue.genres), "accuracy": asdict(accuracy)}
    (place / "genres.json").write_text(json.dumps(facts), encoding="utf-8")


def write_poster(path: Path, title: str) -> None:
    """Write a poster whose colours follow from the title."""
    seed = zlib.crc32(title.encode())
    top, bottom = (seed & 255, seed >> 8 & 255, seed >> 16 & 255), (seed >> 16 & 255, 40, seed & 255)
    image = Image.linear_gradient("L").resize((200, 300))
    poster = Image.composite(Image.new("RGB", image.size, bottom), Image.new("RGB", image.size, top), image)
    ImageDraw.Draw(poster).text((12, 250), title[:24], fill="white")
    poster.save(path, quality=85)


def _movie(row: int, imdb_id: str, title: str, year: str, genres: str, score: str) -> Movie:
    return Movie(
        id=imdb_id,
        title=title,
        year=int(year),
        genres=tuple(genres.split("|")),
        score=float(score) if score else None,
        link=f"https://www.imdb.com/title/{imdb_id}/",
        poster=None if row % 20 == 7 else f"posters/{imdb_id}.jpg",
        ratings=100 - row,
        reviews=5,
        liked=80 - row,
        quote=Quote("Wonderful, from start to finish.", "someone"),
    )


def _vectors(
    folder: Path, catalogue: Catalogue, texts: Sequence[str], write_encoder: WriteEncoder
) -> dict[str, npt.NDArray[np.float32]]:
    encoders = {
        name: Encoder.open(write_encoder(folder / "encoders" / name, name, towers)) for name, towers in TOWERS.items()
    }
    posters = [folder / movie.poster if movie.poster else Image.new("RGB", (20, 30)) for movie in catalogue]
    random = np.random.default_rng(0)
    look = np.vstack(list(encoders["resnet50"].embed_posters(posters)))
    look[[movie.poster is None for movie in catalogue]] = 0
    said = np.vstack(list(encoders["clip"].embed_texts(texts)))
    seen = np.vstack(list(encoders["clip"].embed_posters(posters)))
    return {
        "bpr": random.normal(size=(len(catalogue), 9)).astype(np.float32),
        "als": random.normal(size=(len(catalogue), 8)).astype(np.float32),
        "bert": np.vstack(list(encoders["bert"].embed_texts(texts))),
        "resnet50": look,
        "clip": ((said + seen) / np.linalg.norm(said + seen, axis=1, keepdims=True)).astype(np.float32),
    }


def _manifest(folder: Path, dims: dict[str, int]) -> Manifest:
    return Manifest(
        format=FORMAT,
        seed=0,
        built_by={"matinee": "0.1.0"},
        dataset=DatasetInfo(
            "Small",
            True,
            "Made for tests: <b>nobody</b> wrote it.",
            {"movies": len(FILMS.splitlines()), "reviewers": 40, "ratings": 900},
        ),
        encoders={
            name: EncoderInfo(
                f"tiny {name}", "1", "none", weights, 32, {tower: {"precision": "fp32"} for tower in TOWERS[name]}
            )
            for name, weights in WEIGHTS.items()
        },
        models={
            **{name: ModelInfo(dim, PARAMS.get(name, {}), metrics=METRICS) for name, dim in dims.items()},
            "hybrid": ModelInfo(0, metrics=METRICS),
        },
        hybrid_weights={name: {"few": 1.0, "many": 1.0, "cold": 0.0} for name in dims},
        files=dict(list_files(folder)),
    )
