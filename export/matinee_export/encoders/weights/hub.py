"""Fetches files of one repository from the Hugging Face hub or its cache.

In: a repository, a revision and the names of the files wanted. Out: the folder that holds them and the commit they are
of. The cache is asked first, so a pinned revision that lies there costs no request. Otherwise one short probe decides
whether the hub can be used at all, before any of huggingface_hub's patient retries. HF_ENDPOINT, HF_HOME, HF_HUB_CACHE
and HF_HUB_OFFLINE mean what they mean to huggingface_hub.
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
"""Files of weights as transformers (timm, too) and open_clip name them, the better one first."""

PROBE_SECONDS = 4.0
"""How long the hub may take to connect, and then to answer, before it counts as unreachable."""


class HubUnreachableError(BuildError):
    """The hub could not be reached, or is not to be used, and its cache has not got the files."""


class NotOnHubError(BuildError):
    """The hub answered, and has no such repository, revision or file."""


@dataclass(frozen=True)
class Wanted:
    """Files to fetch: of each group of `needed` the first name that is there; of `useful` whatever is there."""

    needed: tuple[tuple[str, ...], ...]
    useful: tuple[str, ...] = ()


@dataclass(frozen=True)
class HubFiles:
    """The folder that holds the files, the commit they are of, and the licence that the repository states, if any."""

    folder: Path
    commit: str
    licence: str | None


def fetch(repo: str, revision: str | None, wanted: Wanted) -> HubFiles:
    """Bring the wanted files of `repo` into the hub's cache, or find them there.

    Args:
        repo: Repository, such as "google-bert/bert-base-uncased".
        revision: A commit hash; None takes the newest commit.
        wanted: Names of files.

    Raises:
        HubUnreachableError: The files are not in the cache and the hub does not answer as a hub within seconds.
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
    """The files where every needed one lies in the cache, else None."""
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
    """Ask the hub once for the commit, the names of the files and the licence of `repo`."""
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
    except Exception as error:  # as above, and whatever reading an answer that is not the hub's JSON may raise
        raise HubUnreachableError(f"the hub cannot be reached ({_brief(error)})") from error


def _stated(licence: object) -> str | None:
    """What a repository's card says of its licence: text, or a list of it; anybody may write anything there."""
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
    """The error's kind and the first line of its message, at most 120 characters."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}"[:120] if lines else type(error).__name__
