"""The last part of an honest report: how to read it, what it does not say, and the protocol's choices. Data only."""

from __future__ import annotations

from collections.abc import Iterator

from matinee_export.reports import Block, Bullets, Heading

READING = (
    "Figures are low because the task is hard: of thousands of movies, those must come first that one person happened "
    "to rate highly next. What compares models is the order of the figures, not their height.",
    "A movie that a user did not rate counts as not relevant. Many of these would have been liked; no figure here can "
    "know.",
    "The likes of the test rows follow the crowd, since people rate what they come across. This helps popularity and "
    "every model that leans on it.",
    "Figures of different splits do not compare: they ask different users about different movies.",
    "The best single model is the best one on the test rows, so its lead over the others is flattered a little.",
    "An interval is about the users of this dataset. It says nothing of another dataset, or of other draws of the "
    "networks' weights.",
    "Nothing here was measured with people who use the recommendations.",
)
"""How to read the report."""

PROTOCOL = (
    "Rows are divided before any vector is made; a user's and a movie's vectors are of train and validation rows only. "
    "Missing ratings are imputed anew from these rows, never from test rows.",
    "A like is a given rating of at least 7. Imputed ratings are never relevant, and BPR, ALS and the baselines do not "
    "learn from them.",
    "Random: a fifth of each rating's rows are test rows; leave-last: the newest row of each reviewer who has more "
    "than one; by time: the newest fifth of all rows. Validation rows are cut from the rest by the same rule, a tenth "
    "where it is a share.",
    "The whole catalogue is ranked, less what the user has a train or validation row for. Ties are broken at random, "
    "the same for all models; AUC gives them their mean rank.",
    "Tuning is by validation nDCG@10, content choices by validation nDCG@100, the hybrid's weights by the likelihood "
    "of validation likes. Every model is then fitted again to train and validation rows.",
    "A user without train rows gets the popularity order from every model; a movie a model knows nothing of comes "
    "after all it knows, in that order too.",
    "BPR is fitted on one thread and all drawings are seeded, so a second run gives the same figures.",
    "The metrics are checked against trec_eval's in the test-suite, user by user.",
)
"""Every choice of the protocol."""


def reading() -> Iterator[Block]:
    """Say how the report is to be read."""
    yield Heading(2, "How to read this, and what it does not say")
    yield Bullets(READING)
    yield Heading(2, "The protocol")
    yield Bullets(PROTOCOL)
