"""The last block at the kept token only: the same vectors as the whole network's, and less computed for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
import torch

from matinee_export.encoders.networks.clip import (  # type: ignore[attr-defined]  # open_clip can be imported only after it
    ClassToken,
    ImageModule,
    TextModule,
    open_clip,
)
from matinee_export.encoders.networks.towers import Array
from matinee_export.encoders.onnx.to_onnx import to_onnx
from matinee_export.encoders.quantization.calibrate import observe

pytestmark = pytest.mark.slow

END, CONTEXT, SIDE = 99, 16, 32


@pytest.fixture
def ids() -> torch.Tensor:
    """Rows of token ids that end, with END, at different tokens, and go on."""
    ids = torch.from_numpy(np.random.default_rng(3).integers(1, END, (3, CONTEXT)))
    ids[[0, 1, 2], [4, 0, CONTEXT - 1]] = END
    return ids


@pytest.fixture
def pixels() -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(3).standard_normal((3, 3, SIDE, SIDE), dtype=np.float32))


def clip(**vision: Any) -> open_clip.CLIP:  # noqa: ANN401 - settings of many types
    torch.manual_seed(1)
    seen = open_clip.model.CLIPVisionCfg(layers=3, width=64, patch_size=16, image_size=SIDE, **vision)
    read = open_clip.model.CLIPTextCfg(
        context_length=CONTEXT, vocab_size=END + 1, width=64, heads=4, layers=3, ls_init_value=0.7
    )
    network = open_clip.CLIP(32, seen, read).eval()
    for values in network.parameters():
        torch.nn.init.normal_(values, std=0.2)  # also where a fresh network has zeros or ones
    return network


@torch.inference_mode()
def test_texts_of_any_length_have_the_vectors_of_open_clip(ids: torch.Tensor) -> None:
    network = clip()
    torch.testing.assert_close(TextModule(network)(ids), network.encode_text(ids), atol=1e-4, rtol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize(
    "vision", [{}, {"final_ln_after_pool": True}, {"pool_type": "avg"}, {"attentional_pool": True}]
)
def test_posters_have_the_vectors_of_open_clip_however_it_pools(vision: dict[str, Any], pixels: torch.Tensor) -> None:
    network = clip(**vision)
    module = ImageModule(network)
    torch.testing.assert_close(module(pixels), network.encode_image(pixels), atol=1e-4, rtol=1e-5)
    assert isinstance(module.visual.transformer, ClassToken) == (vision.keys() <= {"final_ln_after_pool"})


def test_an_image_network_that_is_no_transformer_is_taken_as_it_is(pixels: torch.Tensor) -> None:
    seen = open_clip.model.CLIPVisionCfg(layers=(1, 1, 1, 1), width=8, image_size=SIDE)
    network = open_clip.CLIP(32, seen, open_clip.model.CLIPTextCfg(width=64, heads=4, layers=1)).eval()
    with torch.inference_mode():
        torch.testing.assert_close(ImageModule(network)(pixels), network.encode_image(pixels))


def test_the_exported_last_block_has_one_token_a_row(ids: torch.Tensor, pixels: torch.Tensor) -> None:
    network = clip()
    text = to_onnx(TextModule(network), (ids,), ("ids",), {0: "batch", 1: "tokens"})
    image = to_onnx(ImageModule(network), (pixels,), ("pixels",), {0: "batch"})
    patches = (SIDE // 16) ** 2
    assert tokens_of_mlps(text, {"ids": ids.numpy()}) == [CONTEXT, CONTEXT, 1]
    assert tokens_of_mlps(image, {"pixels": pixels.numpy()}) == [1 + patches, 1 + patches, 1]


def tokens_of_mlps(model: onnx.ModelProto, feed: dict[str, Array]) -> list[int]:
    """How many tokens of a row each block's MLP is computed at."""
    names = [node.output[0] for node in model.graph.node if node.op_type == "Gelu"]
    values = next(observe(model, names, [feed]))
    return [values[name].shape[1] for name in names]
