"""The name under which a metric is logged."""

from hornbook.recipes.use import Use


def metric_name(metric: Use) -> str:
    """The name under which a metric is logged: its `name:`, or what the recipe wrote."""
    given = metric.parameters.get("name")
    default = metric.defaults.get("name")
    return str(given) if given is not None and given != default else metric.written.rpartition("/")[2]
