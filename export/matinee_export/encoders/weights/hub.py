"""Fetches files of one repository from the Hugging Face hub or its cache.

In: a repository, a revision and the names of the files wanted. Out: the folder that holds them and their commit. The
cache is searched first, so a cached pinned revision needs no request. Otherwise one request with a short timeout
decides whether the hub is reachable, before any of huggingface_hub's long retries. HF_ENDPOINT, HF_HOME, HF_HUB_CACHE
and HF_HUB_OFFLINE work as they do for huggingface_hub.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, constants, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from matinee.errors import BuildError

TRANSFORMERS_FILES = ("model.safetensors", "pytorch_model.bin")
OPEN_CLIP_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
"""Names of weight files in repositories of transformers (and timm) and of open_clip, the preferred one first."""

PROBE_SECONDS = 4.0
"""Timeout of the first request, for connecting and again for the answer, after which the hub counts as unreachable."""


class HubUnreachableError(BuildError):
    """The hub could not be reached or is switched off by HF_HUB_OFFLINE, and its cache lacks the files."""


class NotOnHubError(BuildError):
    """The hub answered that it has no such repository, revision or file."""


@dataclass(frozen=True)
class Wanted:
    """Files to fetch: the first existing name of each group in `needed`, and all existing names in `useful`."""

    needed: tuple[tuple[str, ...], ...]
    useful: tuple[str, ...] = ()


@dataclass(frozen=True)
class HubFiles:
    """The folder that holds the files, their commit, and the licence that the repository states, if any."""

    folder: Path
    commit: str
    licence: str | None


def fetch(repo: str, revision: str | None, wanted: Wanted) -> HubFiles:
    """Find the wanted files of `repo` in the hub's cache, or download them into it.

    Args:
        repo: Repository, such as "google-bert/bert-base-uncased".
        revision: A commit hash; None for the newest commit.
        wanted: Names of the files.

    Raises:
        HubUnreachableError: The files are not in the cache, and the hub is switched off or does not answer.
        NotOnHubError: The hub has no such repository, or the repository lacks a needed file.
    """
    cached = _from_cache(repo, revision, wanted)
    if cached is not None:
        return cached
    if constants.HF_HUB_OFFLINE:
        raise HubUnreachableError(f"HF_HUB_OFFLINE is set and {repo} is not in the hub's cache")
    commit, names, licence = _probe(repo, revision)
    try:
        paths = [hf_hub_download(repo, name, revision=commit) for name in _select(repo, wanted, names)]
    except Exception as error:  # the transport's own errors differ between huggingface_hub's versions
        raise HubUnreachableError(f"the hub stopped answering while {repo} was fetched ({_brief(error)})") from error
    return HubFiles(Path(paths[0]).parent, commit, licence)


def _from_cache(repo: str, revision: str | None, wanted: Wanted) -> HubFiles | None:
    """Return the files if every needed one is in the cache, else None."""
    first = None
    for group in wanted.needed:
        found = [
            path for name in group if isinstance(path := try_to_load_from_cache(repo, name, revision=revision), str)
        ]
        if not found:
            return None
        first = first or Path(found[0])
    assert first is not None, "something is always needed"
    return HubFiles(first.parent, first.parent.name, None)


def _probe(repo: str, revision: str | None) -> tuple[str, set[str], str | None]:
    """Request the commit, the file names and the licence of `repo` from the hub, once."""
    try:
        info = HfApi().model_info(repo, revision=revision, timeout=PROBE_SECONDS)
        names = {sibling.rfilename for sibling in info.siblings or ()}
        if not info.sha or not names:
            raise ValueError("no commit or no files in the answer")
        return info.sha, names, _stated(info.card_data.get("license") if info.card_data else None)
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise NotOnHubError(f"the hub has no model {repo!r} at revision {revision or 'main'!r}") from error
    except HfHubHTTPError as error:
        raise HubUnreachableError(f"the hub answers {error.response.status_code} for {repo}") from error
    except Exception as error:  # the transport's own errors, and those of parsing an answer that is not the hub's JSON
        raise HubUnreachableError(f"the hub cannot be reached ({_brief(error)})") from error


def _stated(licence: object) -> str | None:
    """Return the licence in a repository's card, which may be a text, a list of texts or, unchecked, anything else."""
    texts = [text[:100] for text in (licence if isinstance(licence, list) else [licence])[:5] if isinstance(text, str)]
    return ", ".join(texts) or None


def _select(repo: str, wanted: Wanted, names: set[str]) -> Sequence[str]:
    chosen = []
    for group in wanted.needed:
        found = [name for name in group if name in names]
        if not found:
            raise NotOnHubError(f"{repo} has none of the files {', '.join(group)}")
        chosen.append(found[0])
    return [*chosen, *(name for name in wanted.useful if name in names and name not in chosen)]


def _brief(error: BaseException) -> str:
    """Return the error's type and the first line of its message, at most 120 characters."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}"[:120] if lines else type(error).__name__
