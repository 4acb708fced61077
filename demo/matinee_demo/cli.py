"""The `matinee-demo` command: opens a bundle and serves the page until it is stopped, or writes it out as a Space.

gradio is imported only after the bundle was opened, so that a bad bundle is reported at once.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
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
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further host name to accept, such as a proxy's; can be repeated (default: those in MATINEE_HOSTS)",
    )
    parser.add_argument("--mcp", action="store_true", help="be an MCP server too, for programs that use tools")
    parser.add_argument("--json", action="store_true", help="say in JSON where the page is, or the Space")
    _add_space(parser.add_subparsers(title="instead of serving", metavar="space"))
    return parser


def _add_space(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    space = commands.add_parser("space", help="write a folder that can be pushed to Hugging Face Spaces as it is")
    space.set_defaults(command=_write_space)
    inherited = argparse.SUPPRESS
    space.add_argument("--bundle", default=inherited, metavar="DIR", help="the bundle (default: as for serving)")
    space.add_argument("--out", required=True, metavar="DIR", help="the folder to write")
    space.add_argument(
        "--model-repo",
        metavar="OWNER/NAME@REVISION",
        help="a model repository on the hub that holds the bundle, which then stays out of the folder",
    )
    space.add_argument("--json", action="store_true", default=inherited, help="say in JSON where the Space is")


def _write_space(options: argparse.Namespace) -> None:
    from matinee_demo.space import write_space

    space = write_space(Path(options.bundle), Path(options.out), options.model_repo)
    if options.json:
        print(json.dumps({"bundle": options.bundle, "space": options.out, "files": space.files, "bytes": space.bytes}))
        return
    print(f"{options.out}: {space.files:,} files, {space.bytes / 1e6:,.0f} MB. Push it as it is:")
    print(f"  hf upload OWNER/NAME {options.out} . --repo-type space")


def _serve(options: argparse.Namespace) -> int:
    bundle = Bundle.open(options.bundle)
    for package, extra in (("gradio", "demo"), *([("mcp", "mcp")] if options.mcp else [])):
        if find_spec(package) is None:
            raise MissingExtraError(package, extra)
    with TemporaryDirectory(prefix="matinee-") as uploads:
        # gradio reads these when it is imported; before it serves it requests its own page, which must need no proxy.
        os.environ.update(GRADIO_TEMP_DIR=uploads, GRADIO_ANALYTICS_ENABLED="False", no_proxy=_no_proxy())
        from matinee_demo.serve import MCP_PATH, Stop, served
        from matinee_demo.service import Service

        service = Service(bundle)
        stop = Stop()
        with served(service, options.host, options.port, options.allow_host, mcp=options.mcp) as address:
            print(_ready(options, address, address + MCP_PATH if options.mcp else None), flush=True)
            service.warm_up()
            number = stop.wait()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)  # ends as the signal asked, so that a shell sees it
    return 0


def _ready(options: argparse.Namespace, address: str, tools: str | None) -> str:
    if options.json:
        return json.dumps({"bundle": options.bundle, "address": address, **({"mcp": tools} if tools else {})})
    also = f", and programs that use tools at {tools}" if tools else ""
    return f"Matinee answers from {options.bundle} at {address}{also} (Ctrl-C stops it)"


def _no_proxy() -> str:
    """The hosts that are reached without a proxy, with this machine among them."""
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return ",".join(filter(None, [named, "127.0.0.1", "localhost"]))


if __name__ == "__main__":
    sys.exit(main())
