"""One question answered with bare calls of the libraries: the least that somebody would write without Matinee.

`python bare.py BUNDLE MODEL THREADS INPUT` prints the ten best movies of bert, clip or resnet50. It opens the
same network, tokenizer, vectors and catalogue, and checks nothing.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

home, model, threads, given = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
folder = home / "encoders" / model
kind = "image" if model == "resnet50" else "text"
tower = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))["towers"][kind]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
network = onnxruntime.InferenceSession(folder / tower["network"], options, providers=["CPUExecutionProvider"])
if kind == "text":
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(folder / tower["tokenizer"]))
    tokenizer.enable_truncation(tower["max_tokens"])
    if tower.get("pad_to_max"):
        tokenizer.enable_padding(length=tower["max_tokens"], pad_id=tower["pad_id"])
    encoding = tokenizer.encode(given)
    arrays = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask, "token_type_ids": encoding.type_ids}
    feed = {name: np.array([arrays[name]], dtype=np.int64) for name in tower["inputs"]}
else:
    from PIL import Image

    image = Image.open(given).convert("RGB")
    scale = tower["resize"] / min(image.size)
    image = image.resize([round(scale * side) for side in image.size], Image.Resampling[tower["interpolation"].upper()])
    left, top = ((side - tower["crop"]) // 2 for side in image.size)
    image = image.crop((left, top, left + tower["crop"], top + tower["crop"]))
    pixels = (np.asarray(image, dtype=np.float32) / 255 - tower["mean"]) / tower["std"]
    feed = {tower["input"]: pixels.transpose(2, 0, 1)[None].astype(np.float32)}
vector = network.run(["vector"], feed)[0][0]
vector /= np.linalg.norm(vector)
space = home / "models" / model / f"{'poster' if kind == 'image' else 'text'}-space.npy"
if space.exists():
    centre, *directions = np.load(space)
    vector = vector - centre
    vector -= np.array(directions).T @ (np.array(directions) @ vector)
scores = np.load(home / "models" / model / "movies.npy", mmap_mode="r") @ vector
best = np.argpartition(-scores, 9)[:10]
with (home / "catalogue.jsonl").open(encoding="utf-8") as lines:
    movies = [json.loads(line) for line in lines]
for row in best[np.argsort(-scores[best])]:
    print(movies[row]["id"], movies[row]["title"])
