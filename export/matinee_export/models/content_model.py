"""A content model as one record: its encoder, what is chosen for it, and what it is where nothing is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

from matinee_export.encoders import EncoderRecipe
from matinee_export.models.content_settings import ContentSettings

READS_TEXTS = ("space", "ratings", "pooling", "imputed")
READS_POSTERS = ("space", "ratings", "imputed")
READS_BOTH = ("space", "poster", "ratings", "pooling", "imputed")
"""The settings that mean something to a model, by what it reads, in the order in which they are chosen."""


@dataclass(frozen=True)
class ContentModel:
    """A model that goes by what an encoder makes of reviews and posters.

    Attributes:
        encoder: What makes its vectors; the model bears its name.
        defaults: What a choice must beat: what the runtime does where a manifest says nothing.
    """

    encoder: EncoderRecipe
    defaults: ContentSettings = field(default_factory=ContentSettings)

    @property
    def name(self) -> str:
        """What a bundle calls it."""
        return self.encoder.name

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of the settings that mean something to it, in the order in which they are chosen."""
        if len(self.encoder.variants) > 1:
            return READS_BOTH
        return READS_TEXTS if "text" in self.encoder.variants else READS_POSTERS

    def choices(self, settings: ContentSettings) -> dict[str, str | float]:
        """Return those of `settings` that mean something to it, for its part of a manifest."""
        return {name: getattr(settings, name) for name in self.settings}
