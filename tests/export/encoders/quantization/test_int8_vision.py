"""A convolution that cuts patches is the same as a product by a matrix; the others are left alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.export.small_convolutions import convolution, picture_like, run

from matinee_export.encoders.quantization.int8_vision import patches_as_products

ROWS = picture_like(3)


@pytest.mark.parametrize("window", [4, 8, 32])
def test_patches_as_products_give_what_the_convolution_gives(window: int) -> None:
    model = convolution((3, 24), window, stride=window)
    rewritten = patches_as_products(model)
    assert Counter(node.op_type for node in rewritten.graph.node)["Conv"] == 0
    np.testing.assert_allclose(run(rewritten, ROWS), run(model, ROWS), atol=1e-5)


@pytest.mark.parametrize(("window", "stride", "pad"), [(4, 2, 0), (2, 4, 0), (3, 3, 0), (4, 4, 2), (3, 1, 1)])
def test_windows_that_overlap_or_leave_a_rest_stay_a_convolution(window: int, stride: int, pad: int) -> None:
    rewritten = patches_as_products(convolution((3, 24), window, stride, pad))
    assert [node.op_type for node in rewritten.graph.node] == ["Conv"]
