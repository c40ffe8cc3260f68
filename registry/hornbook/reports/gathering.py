"""What a run's own process does for its reports: keep data, and never let that get in the run's way."""

from typing import TYPE_CHECKING

from hornbook.reports import store
from hornbook.reports.known import SOURCES
from hornbook.reports.report import Stage
from hornbook.reports.scene import Scene

if TYPE_CHECKING:
    from hornbook.catalog import Catalog
    from hornbook.runner.journals.folder import RunFolder
    from hornbook.runner.session import Session


def gather(
    session: "Session", folder: "RunFolder", catalog: "Catalog", stage: Stage, applies: bool = True
) -> None:
    """Keep the data of a stage, as far as there is some.

    Args:
        session: The run's data and objects.
        folder: The run's folder.
        catalog: Where its components came from.
        stage: `begun`, before the training; what an earlier stretch of the run kept of its beginning stays
            then, what it kept of its end is forgotten. `ended`, after it.
        applies: Whether the run has come to where data of this stage says something.
    """
    scene = Scene(session, folder, catalog)
    failures = store.failures(folder) if stage == "ended" else {}
    try:
        if stage == "begun":
            for source in SOURCES:
                if source.stage == "ended":
                    store.remove(folder, source.name)
        for source in SOURCES:
            if source.stage == stage and applies and store.stamp(folder, source.name) is None:
                try:
                    data = source.gather(scene)
                    if data is not None:
                        store.save(folder, source.name, data)
                except Exception as error:  # whatever a model, a dataset or the disk may raise
                    failures[source.name] = f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]
        store.save(folder, store.FAILURES, failures)
    except (OSError, KeyboardInterrupt):  # a full disk, or someone who will not wait: the run comes first
        return
