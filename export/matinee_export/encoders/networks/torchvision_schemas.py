"""Lets torchvision be imported beside a CPU build of torch.

PyPI's torchvision is compiled against another build of torch than the CPU wheels are; its compiled operators then do
not load, and `import torchvision` stops because it describes two operators, `nms` and `qnms`, that nobody declared.
Nothing in Matinee calls them. Declaring their schemas is all that the import needs; where torchvision fits torch
nothing is declared. In: nothing. Out: torchvision, imported where it is installed. Import this module before
transformers or open_clip, which import torchvision themselves.
"""

from __future__ import annotations

import torch

LIBRARIES: list[torch.library.Library] = []
"""The declarations made; torch forgets a schema when the object that declared it goes."""


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
    import torchvision  # noqa: F401 - imported for those who come after
