"""Sessions: which cores, which provider, and what is said when a network cannot be opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from matinee.errors import BadInputError, BundleError, MissingExtraError
from matinee.session import CPU, CUDA, ProviderWarning, _cgroup_cores, cpu_quota, open_session


@pytest.fixture
def network(tiny_encoder: Callable[..., Path], tmp_path: Path) -> Path:
    return tiny_encoder(tmp_path / "tiny", towers=["image"]) / "image.onnx"


def test_a_network_opens_on_the_cpu_and_runs(network: Path) -> None:
    session = open_session(network, threads=1)
    (vector,) = session.run(["vector"], {"pixels": np.ones((2, 3, 32, 32), dtype=np.float32)})
    assert vector.shape == (2, 32)
    assert CPU in session.get_providers()


def test_threads_are_the_cores_of_this_process_unless_said(network: Path) -> None:
    assert open_session(network).get_session_options().intra_op_num_threads == cpu_quota()
    assert open_session(network, threads=3).get_session_options().intra_op_num_threads == 3


def test_the_best_provider_present_is_taken(network: Path) -> None:
    best = CUDA if CUDA in onnxruntime.get_available_providers() else CPU
    assert open_session(network).get_providers()[0] == best


def test_an_absent_provider_is_refused_with_those_there_are(network: Path) -> None:
    with pytest.raises(BadInputError, match=f"cannot use TpuExecutionProvider; it has .*{CPU}"):
        open_session(network, providers=["TpuExecutionProvider"])
    with pytest.raises(BadInputError, match=f"cannot use an empty list of providers; it has .*{CPU}"):
        open_session(network, providers=[])


@pytest.mark.skipif(CUDA in onnxruntime.get_available_providers(), reason="this onnxruntime has CUDA")
def test_a_missing_cuda_names_the_extra_that_brings_it(network: Path) -> None:
    with pytest.raises(BadInputError, match=r'install "matinee\[gpu\]" in place of "matinee\[cpu\]"'):
        open_session(network, providers=[CUDA])


@pytest.mark.skipif(CUDA in onnxruntime.get_available_providers(), reason="this onnxruntime has CUDA")
@pytest.mark.filterwarnings("ignore:Specified provider:UserWarning")  # onnxruntime's own word on this stage play
def test_a_provider_that_does_not_load_is_warned_of_and_the_cpu_answers(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What onnxruntime-gpu says on a machine without a driver: CUDA is in the package, yet the session comes without it.
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    with pytest.warns(ProviderWarning, match=rf"{CUDA} could not be loaded, so image\.onnx runs on {CPU}"):
        session = open_session(network)
    assert session.get_providers() == [CPU]


@pytest.mark.skipif(CUDA in onnxruntime.get_available_providers(), reason="this onnxruntime has CUDA")
def test_a_network_made_for_a_gpu_runs_on_the_cpu_and_says_what_would_be_faster(network: Path) -> None:
    with pytest.warns(ProviderWarning, match=rf"made for {CUDA} and run on {CPU}; .* with --precision int8"):
        session = open_session(network, made_for=CUDA)
    assert session.get_providers() == [CPU]


def test_a_network_made_for_the_cpu_runs_there_also_beside_a_gpu_and_says_what_would_use_it(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    with pytest.warns(ProviderWarning, match=rf"made for {CPU} and run on {CPU}; .*{CUDA}, .* with --precision fp16"):
        session = open_session(network, made_for=CPU)
    assert session.get_providers()[0] == CPU


def test_a_network_that_runs_where_it_is_made_for_or_was_asked_to_raises_no_warning(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    open_session(network, made_for=CPU, providers=[CPU])
    open_session(network, providers=[CPU])


def test_a_missing_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"text\.onnx is missing; build or fetch the bundle again"):
        open_session(tmp_path / "text.onnx")


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x09" * 50])
def test_a_damaged_network_is_named_in_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_bytes(content)
    with pytest.raises(
        BundleError, match=r"^the network .*text\.onnx cannot be opened \(.*\); build or fetch"
    ) as caught:
        open_session(tmp_path / "text.onnx")
    assert "\n" not in str(caught.value)


def test_a_truncated_network_is_named(network: Path) -> None:
    network.write_bytes(network.read_bytes()[:-500])
    with pytest.raises(BundleError, match=r"image\.onnx cannot be opened"):
        open_session(network)


def test_threads_below_one_are_refused(network: Path) -> None:
    with pytest.raises(BadInputError, match="at least 1 thread, got 0"):
        open_session(network, threads=0)


def test_without_onnxruntime_the_extra_is_named(network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingExtraError, match=r'onnxruntime is not installed.*"matinee\[cpu\]"'):
        open_session(network)


def test_the_quota_is_between_one_and_the_machine() -> None:
    assert 1 <= cpu_quota() <= (os.cpu_count() or 1)


def cgroup(root: Path, membership: str, files: dict[str, str]) -> list[float]:
    """Return the limits found in a made-up file system."""
    for name, text in {"proc/self/cgroup": membership, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return sorted(_cgroup_cores(root))


def test_a_version_2_quota_is_read(tmp_path: Path) -> None:
    assert cgroup(tmp_path, "0::/\n", {"sys/fs/cgroup/cpu.max": "150000 100000\n"}) == [1.5]


def test_a_version_2_quota_of_a_group_above_counts_too(tmp_path: Path) -> None:
    files = {"sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "sys/fs/cgroup/a/cpu.max": "400000 100000\n"}
    assert cgroup(tmp_path, "0::/a/b\n", files) == [4.0]


def test_a_version_1_quota_is_read_also_where_only_the_mount_shows_it(tmp_path: Path) -> None:
    membership = "4:cpuset:/\n3:cpu,cpuacct:/docker/abc\n0::/docker/abc\n"
    files = {"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}
    assert cgroup(tmp_path, membership, files) == [2.0]


def test_no_limit_and_no_cgroups_at_all_are_no_limit(tmp_path: Path) -> None:
    files = {
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu.max": "max 100000\n",
    }
    assert cgroup(tmp_path, "3:cpu:/\n0::/\n", files) == []
    assert list(_cgroup_cores(tmp_path / "elsewhere")) == []
