"""The runs in a folder, as `hornbook.runs` gives them. Light: no pandas until it is asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from hornbook.listing import Listing, shown
from hornbook.runner.journals.record import Record

if TYPE_CHECKING:
    from pandas import DataFrame


class Records(Listing[Record]):
    """Runs, the oldest first. A list that shows itself as a table."""

    columns: ClassVar[Mapping[str, str]] = {
        "run": "id",
        "outcome": "outcome",
        "started": "started",
        "epochs": "epochs",
        "seconds": "seconds",
        "metrics": "metrics",
    }

    def to_pandas(self) -> "DataFrame":
        """The runs, a row each.

        Returns:
            A `pandas.DataFrame` with the columns `id`, `name`, `outcome`, `started` (a time, UTC), `seconds`
            (none before the end), `epochs`, each final metric as `metrics.val_loss`, and each parameter by
            its path in the recipe, as `params.optimizer.learning_rate`: named as MLflow names them.

        Raises:
            HornbookError: When pandas is not installed.

        Example:
            >>> import hornbook
            >>> done = hornbook.run("iris", ["training.epochs=1", "~expect"], tracking=False)
            >>> hornbook.runs().to_pandas()["params.data"].iloc[-1]
            'datasets/iris'
        """
        from hornbook.runner.journals.frames import overview

        return overview(self)

    def _cells(self, row: Record, longest: int = 60) -> list[str]:
        began = datetime.fromtimestamp(row.started / 1000) if row.started else None
        metrics = ", ".join(f"{name} {value:.4g}" for name, value in row.telling())
        return [
            shown(row.id, longest),
            shown(row.outcome, longest),
            f"{began:%Y-%m-%d %H:%M}" if began else "",
            f"{row.epochs}/{row.planned}" if row.planned else str(row.epochs),
            f"{row.seconds:.1f}" if row.seconds else "",
            shown(metrics, longest),
        ]
