"""gradio's Blocks, in which every failure becomes one sentence.

A MatineeError reaches the visitor as it is. A value of the wrong type is refused as the sender's mistake. Anything else
is a fault of the server: the visitor gets one neutral sentence, and the log the traceback.
"""

from __future__ import annotations

import traceback
from typing import Any

import gradio as gr

from matinee.errors import MatineeError

OURS = "something went wrong on the server, and it was not your fault; try again, or with other input"
THEIRS = "a value has the wrong type for its field; the page's API lists what each field takes"

LONGEST = 300
"""Maximum number of characters shown of a gradio error, since it may repeat the values that were sent."""


class Page(gr.Blocks):
    """Blocks that answer every failure with one sentence."""

    async def preprocess_data(self, block_fn: Any, *args: Any, **options: Any) -> list[Any]:  # noqa: ANN401 - gradio's
        """Turn sent values into a handler's arguments, as gradio does, but take only text for an HTML component."""
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
        """Answer an event as gradio does, but with every failure turned into a gr.Error of one sentence."""
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
