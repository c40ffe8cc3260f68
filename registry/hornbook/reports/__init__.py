"""Reports of a run: what a reviewer wants to see beside the metrics.

The run's own process keeps small data (`gather`), since it has the model; pictures and pages are drawn from
that and the journal (`draw`) in another process, without Keras. `hornbook.reports.known` lists all reports.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hornbook.reports.index import Entry, contents

if TYPE_CHECKING:
    from hornbook.catalog import Catalog
    from hornbook.reports.report import Stage
    from hornbook.runner.journals.folder import RunFolder
    from hornbook.runner.session import Session

SETTING = "HORNBOOK_REPORTS"
"""The environment variable that turns reports off, where it is `off`."""


def wanted() -> bool:
    """Whether runs are to have reports."""
    return os.environ.get(SETTING, "").lower() not in ("off", "0", "no", "false")


def gather(session: Session, folder: RunFolder, catalog: Catalog, stage: Stage, applies: bool = True) -> None:
    """Keep what the reports of a run need of a stage, in the run's own process; never an error.

    Args:
        session: The run's data and objects.
        folder: The run's folder.
        catalog: Where its components came from.
        stage: `begun`, before the training, or `ended`, after it.
        applies: Whether the run has come to where data of this stage says something.
    """
    if wanted():
        from hornbook.reports.gathering import gather

        gather(session, folder, catalog, stage, applies)


def gathered(folder: RunFolder) -> object:
    """Something that changes when more is kept of a run; none before anything is."""
    from hornbook.reports.store import FAILURES, stamp

    return stamp(folder, FAILURES)  # written last


def draw(folder: RunFolder, afresh: bool = False) -> None:
    """Draw the reports of a run into `artifacts/reports/`, as far as it has come.

    What is drawn already and has not changed is left as it is; what no longer applies is removed. A report
    that cannot be drawn is named in `index.json` with the reason.

    Args:
        folder: The run's folder.
        afresh: Whether what has not changed is drawn again, too.

    Raises:
        OSError: When nothing can be written into the folder.
    """
    from hornbook.reports.drawing import draw

    draw(folder, afresh)


__all__ = ["Entry", "contents", "draw", "gather", "gathered", "wanted"]
