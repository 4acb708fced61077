"""What fails in the page itself: one sentence for the visitor, the traceback for the log."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

gr = pytest.importorskip("gradio")

from matinee_demo.blocks import OURS, Page  # noqa: E402 - only where gradio is


def _broken() -> float:
    return 1 / 0


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # gradio leaves event loops open
def test_what_fails_in_the_page_itself_is_one_sentence_and_its_traceback_goes_to_the_log(
    capfd: pytest.CaptureFixture[str], leftovers: None
) -> None:
    with Page() as page:
        gr.events.api(_broken, api_name="broken")
    with ThreadPoolExecutor(1) as alone, pytest.raises(gr.Error) as caught:  # the browser's driver keeps a loop here
        alone.submit(lambda: asyncio.run(page.process_api(0, []))).result()
    assert (caught.value.message, caught.value.print_exception) == (OURS, False)
    assert capfd.readouterr().err.count("ZeroDivisionError") == 1
