"""All reports there are, in the order in which to look at them. A new one is a module, and a line here."""

from hornbook.reports import (
    augmented,
    classification,
    curves,
    input_example,
    model_summary,
    most_wrong,
    rate,
    recipe_difference,
    residuals,
)
from hornbook.reports.report import Report, Source

_MODULES = (
    curves,
    classification,
    residuals,
    most_wrong,
    augmented,
    rate,
    model_summary,
    recipe_difference,
    input_example,
)
SOURCES: tuple[Source, ...] = tuple(source for module in _MODULES for source in module.SOURCES)
REPORTS: tuple[Report, ...] = tuple(report for module in _MODULES for report in module.REPORTS)
