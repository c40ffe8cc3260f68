"""The name under which a metric is logged."""

from hornbook.recipes.use import Use


def metric_name(metric: Use) -> str:
    """The name under which a metric is logged: its `name:`, or what the recipe wrote."""
    name = metric.parameters.get("name")
    chosen = "name" in metric.given or name != metric.defaults.get("name")
    return str(name) if name is not None and chosen else metric.written.rpartition("/")[2]
