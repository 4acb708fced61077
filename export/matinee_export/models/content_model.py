"""A content model as one record: its encoder, its default settings, and the settings that are tuned for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from matinee_export.encoders import EncoderRecipe
from matinee_export.models.content_settings import ContentSettings

READS_TEXTS = ("space", "ratings", "pooling", "imputed")
READS_POSTERS = ("space", "ratings", "imputed")
READS_BOTH = ("space", "poster", "ratings", "pooling", "imputed")
"""The settings that a model uses, by the kind of input that it reads, in the order in which they are tuned."""


@dataclass(frozen=True)
class ContentModel:
    """A model that compares movies by the vectors that an encoder makes of reviews and posters.

    Attributes:
        encoder: The recipe of its encoder; the model has the same name.
        defaults: The settings that tuning starts from; the runtime uses the same where a manifest has no choices.
    """

    encoder: EncoderRecipe
    defaults: ContentSettings = field(default_factory=ContentSettings)

    @property
    def name(self) -> str:
        """The name of the model in a bundle."""
        return self.encoder.name

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of the settings that this model uses, in the order in which they are tuned."""
        if len(self.encoder.variants) > 1:
            return READS_BOTH
        return READS_TEXTS if "text" in self.encoder.variants else READS_POSTERS

    def choices(self, settings: ContentSettings) -> dict[str, str | float]:
        """Return those of `settings` that this model uses, by name, for its entry in the manifest."""
        return {name: getattr(settings, name) for name in self.settings}
