"""gradio's Blocks, in which whatever goes wrong becomes one sentence.

A MatineeError reaches the visitor as it is. A value that a component cannot take is the sender's fault and is said so.
Anything else is a fault of ours: the visitor gets one neutral sentence, and the log the traceback.
"""

from __future__ import annotations

import traceback
from typing import Any

import gradio as gr

from matinee.errors import MatineeError

OURS = "something went wrong here, and it was not you; try again, or tell something else"
THEIRS = "a value that was sent is not of the kind that its field takes; see the page's API for what each takes"

LONGEST = 300
"""Characters of a sentence of gradio's, which may echo what was sent."""


class Page(gr.Blocks):
    """Blocks that answer every failure of an event or an endpoint with one sentence."""

    async def preprocess_data(self, block_fn: Any, *args: Any, **options: Any) -> list[Any]:  # noqa: ANN401 - gradio's
        """Turn what was sent into what handlers take; see gradio, whose HTML takes anything and ours only text."""
        try:
            values: list[Any] = await super().preprocess_data(block_fn, *args, **options)
        except gr.Error as error:
            raise gr.Error(" ".join(str(error.message)[:LONGEST].split()), print_exception=False) from None
        except Exception:  # gradio's components raise whatever the value made them raise
            raise gr.Error(THEIRS, print_exception=False) from None
        for part, value in zip(block_fn.inputs, values, strict=True):
            if isinstance(part, gr.HTML) and not isinstance(value, str | None):
                raise gr.Error(THEIRS, print_exception=False)
        return values

    async def process_api(self, *args: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - as gradio's own
        """Answer an event; see gradio."""
        try:
            answer: dict[str, Any] = await super().process_api(*args, **options)
        except gr.Error:
            raise
        except MatineeError as error:
            raise gr.Error(str(error), print_exception=False) from None
        except StopAsyncIteration:
            raise
        except Exception:
            traceback.print_exc()
            raise gr.Error(OURS, print_exception=False) from None
        return answer
