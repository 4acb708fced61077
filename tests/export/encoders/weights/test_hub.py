"""Where weights come from: hub, cache, package, folder or seed, and what is said when one cannot be used."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
import transformers
from huggingface_hub import constants
from safetensors.torch import save_file

from matinee.errors import BuildError, UnknownNameError
from matinee_export.encoders import choose, find_weights
from matinee_export.encoders.networks import bert
from matinee_export.encoders.recipe import Pin
from matinee_export.encoders.weights.hub import HubUnreachableError, NotOnHubError
from matinee_export.models.registry import ENCODERS, content_model

REPO = "someone/tiny-bert"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "film", "good", "bad", "##s"]


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A masked-language model as the hub has it, 2 layers of width 16."""
    folder = tmp_path_factory.mktemp("tiny-bert")
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=24,
    )
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    torch.manual_seed(1)
    state = transformers.BertForMaskedLM(config).state_dict()
    save_file({name: tensor.clone() for name, tensor in state.items()}, folder / "model.safetensors")
    return folder


@dataclass
class FakeHub:
    """A server on the loopback that answers as the hub does, or badly."""

    files: dict[str, bytes]
    status: int = 200
    body: bytes | None = None
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for the path of a request."""
        self.asked.append(path)
        if self.status != 200 or self.body is not None:
            return self.status, {}, self.body or b"no"
        if path.startswith(f"/api/models/{REPO}"):
            names = [{"rfilename": name} for name in self.files]
            info = {"id": REPO, "sha": COMMIT, "siblings": names, "cardData": {"license": "cc0-1.0"}}
            return 200, {"Content-Type": "application/json"}, json.dumps(info).encode()
        name = path.removeprefix(f"/{REPO}/resolve/{COMMIT}/")
        if name not in self.files:
            return 404, {"X-Error-Code": "RepoNotFound"}, b"no"
        return 200, {"ETag": f'"{name}-1"', "X-Repo-Commit": COMMIT}, self.files[name]


def handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = hub.answer(self.path.partition("?")[0])
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - http.server's name

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def hub(tiny_bert: Path) -> Iterator[FakeHub]:
    fake = FakeHub({path.name: path.read_bytes() for path in tiny_bert.iterdir()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(fake))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def use_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Point huggingface_hub, which reads its environment when it is imported, at a server and an empty cache."""

    def use(url: str) -> Path:
        monkeypatch.setattr(constants, "ENDPOINT", url)
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.partition("/{repo_id}")
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + template[1] + template[2])
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
        return tmp_path / "cache"

    return use


@pytest.fixture
def closed_port(hub: FakeHub) -> str:
    """The address of a loopback port on which nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_port
    server.server_close()
    return f"http://127.0.0.1:{port}"


def test_weights_of_the_hub_are_recorded_with_their_commit_and_licence(
    hub: FakeHub, use_hub: Callable[[str], Path]
) -> None:
    use_hub(hub.url)
    said: list[str] = []
    source = find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], "auto", REPO), 0, said.append)
    assert (source.kind, source.source, source.revision, source.licence) == ("pretrained", REPO, COMMIT, "cc0-1.0")
    assert said == []
    assert bert.load(source, 0).dim == 16


def test_a_second_fetch_needs_no_hub(hub: FakeHub, use_hub: Callable[[str], Path], closed_port: str) -> None:
    use_hub(hub.url)
    encoder = replace(ENCODERS["bert"], pins={REPO: Pin(COMMIT, "cc0-1.0")})
    first = find_weights(encoder, choose(encoder, "hub", REPO), 0, print)
    asked = len(hub.asked)
    assert asked > 0
    assert find_weights(encoder, choose(encoder, "hub", REPO), 0, print) == first
    assert len(hub.asked) == asked


@pytest.mark.slow
def test_a_cache_folder_answers_offline_and_the_environment_is_honoured(tiny_bert: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "hub" / "models--someone--tiny-bert" / "snapshots" / COMMIT
    shutil.copytree(tiny_bert, snapshot)
    refs = snapshot.parents[1] / "refs"
    refs.mkdir()
    (refs / "main").write_text(COMMIT)
    code = f"""
from matinee_export.encoders import choose, find_weights
from dataclasses import replace
from matinee_export.models.registry import ENCODERS, content_model
from matinee.errors import BuildError
source = find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], "hub", {REPO!r}), 0, print)
print(source.kind, source.revision)
try:
    find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], "hub"), 0, print)
except BuildError as error:
    print(error)
"""
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == f"pretrained {COMMIT}"
    assert "HF_HUB_OFFLINE" in second


@pytest.mark.parametrize(
    ("status", "body", "reason"), [(500, None, "500"), (403, None, "403"), (200, b"<html>", "cannot be reached")]
)
def test_a_hub_that_answers_badly_is_said_in_one_line_and_passed_over(
    hub: FakeHub, use_hub: Callable[[str], Path], status: int, body: bytes | None, reason: str
) -> None:
    hub.status, hub.body = status, body
    use_hub(hub.url)
    said: list[str] = []
    source = find_weights(ENCODERS["bert"], choose(ENCODERS["bert"]), 0, said.append)
    assert source.kind == "packaged"
    (line,) = said
    assert reason in line
    assert "packaged weights instead" in line
    assert "\n" not in line


@pytest.mark.parametrize(("name", "kind"), [("bert", "packaged"), ("resnet50", "seeded"), ("clip", "seeded")])
def test_without_a_hub_each_encoder_falls_back(
    closed_port: str, use_hub: Callable[[str], Path], name: str, kind: str
) -> None:
    use_hub(closed_port)
    said: list[str] = []
    assert find_weights(ENCODERS[name], choose(ENCODERS[name]), 7, said.append).kind == kind
    assert len(said) == 1


def test_without_a_hub_weights_asked_from_it_are_an_error(closed_port: str, use_hub: Callable[[str], Path]) -> None:
    use_hub(closed_port)
    with pytest.raises(HubUnreachableError, match="cannot be reached"):
        find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], "hub"), 0, print)


def test_torchs_own_cache_serves_resnet50_without_a_hub(
    closed_port: str, use_hub: Callable[[str], Path], tmp_path: Path
) -> None:
    use_hub(closed_port)
    file = tmp_path / "torch" / "hub" / "checkpoints" / "resnet50-11ad3fa6.pth"
    file.parent.mkdir(parents=True)
    torch.save({"weight": torch.zeros(1)}, file)
    source = find_weights(ENCODERS["resnet50"], choose(ENCODERS["resnet50"]), 0, lambda _: None)
    assert (source.kind, source.file) == ("pretrained", file)


def test_a_model_that_the_hub_has_not_got_is_an_error_though_weights_are_auto(
    hub: FakeHub, use_hub: Callable[[str], Path]
) -> None:
    use_hub(hub.url)
    hub.status, hub.body = 404, b"{}"
    with pytest.raises((NotOnHubError, HubUnreachableError)):
        find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], "hub", "someone/else"), 0, print)


def test_damaged_weights_are_named(tiny_bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "bert"
    shutil.copytree(tiny_bert, folder)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    source = find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], tmp_path / "weights"), 0, print)
    with pytest.raises(BuildError, match=r"model\.safetensors .* cannot be read"):
        bert.load(source, 0)


def test_weights_of_another_architecture_are_an_error(tiny_bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "bert"
    shutil.copytree(tiny_bert, folder)
    save_file({"something": torch.zeros(2)}, folder / "model.safetensors")
    with pytest.raises(BuildError, match="do not fit the architecture"):
        bert.load(find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], tmp_path / "weights"), 0, print), 0)


def test_a_folder_is_recorded_by_its_name_and_digest_not_its_path(tiny_bert: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_bert, tmp_path / "weights" / "bert")
    source = find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], tmp_path / "weights"), 0, print)
    assert source.source == "folder weights/bert"
    assert source.revision.startswith("sha256:")
    with pytest.raises(BuildError, match=r"no folder 'clip'.*it has: bert"):
        find_weights(ENCODERS["clip"], choose(ENCODERS["clip"], tmp_path / "weights"), 0, print)


def test_old_names_of_parameters_are_understood(tiny_bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "bert"
    shutil.copytree(tiny_bert, folder)
    from matinee_export.encoders.weights.state import read_state

    state = read_state(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    old = {
        k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v
        for k, v in state.items()
    }
    torch.save(old, folder / "pytorch_model.bin")
    assert (
        bert.load(find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], tmp_path / "weights"), 0, print), 0).dim == 16
    )


def test_a_pickle_that_would_run_code_is_refused(tiny_bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "bert"
    shutil.copytree(tiny_bert, folder)
    (folder / "model.safetensors").unlink()
    torch.save({"a": Path("x")}, folder / "pytorch_model.bin")
    with pytest.raises(BuildError, match="cannot be read"):
        bert.load(find_weights(ENCODERS["bert"], choose(ENCODERS["bert"], tmp_path / "weights"), 0, print), 0)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="bert"):
        content_model("bart")
    with pytest.raises(UnknownNameError, match="seeded"):
        choose(ENCODERS["bert"], "seedd")
    with pytest.raises(BuildError, match="no package brings"):
        find_weights(ENCODERS["clip"], choose(ENCODERS["clip"], "packaged"), 0, print)


def test_an_unknown_clip_training_run_lists_the_valid_ones() -> None:
    with pytest.raises(BuildError, match="laion2b_s34b_b79k"):
        find_weights(ENCODERS["clip"], choose(ENCODERS["clip"], "hub", "ViT-B-32/laion3b"), 0, print)
