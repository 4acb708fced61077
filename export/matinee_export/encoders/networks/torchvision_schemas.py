"""Makes torchvision importable with a CPU build of torch.

PyPI's torchvision is compiled against a different build of torch than the CPU wheels. Its compiled operators then fail
to load, and `import torchvision` raises because two of them, `nms` and `qnms`, have no schema. Matinee calls neither,
so declaring their schemas is enough for the import; if torchvision fits torch, nothing is declared. In: nothing. Out:
torchvision, imported if it is installed. Import this module before transformers or open_clip, which import torchvision
themselves.
"""

from __future__ import annotations

import torch

LIBRARIES: list[torch.library.Library] = []
"""The declarations made, kept alive because torch drops a schema with the object that declared it."""


def _declare_schemas() -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call] # torch leaves it untyped
    for name in ("nms", "qnms"):
        schema = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        library.define(schema)  # type: ignore[no-untyped-call] # torch leaves it untyped
    LIBRARIES.append(library)


try:
    import torchvision
except ModuleNotFoundError:
    pass
except RuntimeError:
    _declare_schemas()
    import torchvision  # noqa: F401 - imported for the modules that follow
