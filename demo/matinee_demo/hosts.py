"""Which host names the server accepts, against DNS rebinding: another site must not reach it through a name of its own.

In: the address it listens on, and configured names. Out: whether a request's Host and Origin are accepted. A numeric
address cannot be rebound, so every one is accepted where the server listens beyond this machine.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
NAMES = "MATINEE_HOSTS"
"""Environment variable with further names, separated by commas, such as that of a proxy in front."""

SPACE = "SPACE_HOST"
"""Environment variable in which Hugging Face names a Space's own host."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(:[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True)
class Hosts:
    """The names of the server.

    Attributes:
        names: The host names, in lower case.
        loopback: Whether it can be reached from this machine only.
    """

    names: frozenset[str]
    loopback: bool

    def own(self, host: str) -> bool:
        """Return whether a Host header names this server, on whatever port."""
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match[1].strip("[]").lower().rstrip(".")
        try:
            return ip_address(name).is_loopback or not self.loopback
        except ValueError:
            return name in self.names


def same_origin(origin: str, hosts: Iterable[str]) -> bool:
    """Return whether an Origin header names one of `hosts`, each with its port as in a Host header."""
    try:
        return urlsplit(origin).netloc.lower() in {host.lower() for host in hosts}
    except ValueError:
        return False


def hosts_of(listening: str | None, further: Iterable[str] = ()) -> Hosts:
    """Return the host names that are accepted by a server listening on an address, by default on this machine only.

    Args:
        listening: The address, or None.
        further: Names beside those in the environment.
    """
    host = (listening or LOOPBACK).strip("[]").lower()
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    configured = [*further, *os.environ.get(NAMES, "").split(","), os.environ.get(SPACE, "")]
    mine = ["localhost", host, *([] if loopback else [socket.gethostname(), socket.getfqdn()])]
    return Hosts(frozenset(name.strip().lower() for name in (*mine, *configured)) - {""}, loopback)
