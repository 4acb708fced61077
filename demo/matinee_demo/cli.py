"""The `matinee-demo` command: opens a bundle and serves the page until it is stopped.

A thin layer: it knows nothing of the page itself, and imports gradio only once the bundle was found sound.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from tempfile import TemporaryDirectory

from matinee.bundle import Bundle
from matinee.commandline import run
from matinee.errors import MissingExtraError

DEFAULT_BUNDLE = os.environ.get("MATINEE_BUNDLE", "artifacts/sample")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `matinee-demo` command and return its exit status."""
    return run(build_parser(), argv)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the `matinee-demo` command."""
    parser = argparse.ArgumentParser(prog="matinee-demo", description="Serve Matinee's page from a bundle.")
    parser.set_defaults(command=_serve)
    parser.add_argument("--bundle", default=DEFAULT_BUNDLE, metavar="DIR", help="the bundle (default: %(default)s)")
    parser.add_argument("--host", metavar="ADDRESS", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, metavar="N", help="port to listen on (default: the first free from 7860)")
    parser.add_argument("--json", action="store_true", help="say in JSON where the page is")
    return parser


def _serve(options: argparse.Namespace) -> int:
    bundle = Bundle.open(options.bundle)
    if find_spec("gradio") is None:
        raise MissingExtraError("gradio", "demo")
    with TemporaryDirectory(prefix="matinee-") as uploads:
        # gradio reads these when it is imported and, before it serves, asks itself over loopback, which needs no proxy.
        os.environ.update(GRADIO_TEMP_DIR=uploads, GRADIO_ANALYTICS_ENABLED="False", no_proxy=_no_proxy())
        from matinee_demo.serve import Stop, served
        from matinee_demo.service import Service

        service = Service(bundle)
        stop = Stop()
        with served(service, options.host, options.port) as address:
            print(_ready(options, address), flush=True)
            service.warm_up()
            number = stop.wait()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)  # ends as the signal asked, so that a shell sees it
    return 0


def _ready(options: argparse.Namespace, address: str) -> str:
    if options.json:
        return json.dumps({"bundle": options.bundle, "address": address})
    return f"Matinee answers from {options.bundle} at {address} (Ctrl-C stops it)"


def _no_proxy() -> str:
    """The hosts that are asked without a proxy, with this machine among them."""
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return ",".join(filter(None, [named, "127.0.0.1", "localhost"]))


if __name__ == "__main__":
    sys.exit(main())
