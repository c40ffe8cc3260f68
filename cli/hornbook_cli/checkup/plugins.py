"""The plugins: their states, what their import costs, and the names that several of them offer."""

from collections import Counter
from collections.abc import Iterator

from hornbook.catalog import Catalog
from hornbook.clashes import clashes
from hornbook.discovery.plugin import OFFICIAL, Plugin
from hornbook.discovery.remedies import remedy
from hornbook_cli.checkup.finding import Finding, Part
from hornbook_cli.writing import count

BUDGET_SECONDS = 0.05
"""How long a plugin's own module may take to import; it is what every look at it costs."""


def look(catalog: Catalog) -> Part:
    """Look at the plugins."""
    states = Counter(plugin.state for plugin in catalog.plugins)
    tally = ", ".join(f"{amount} {state}" for state, amount in states.most_common())
    findings = (*_states(catalog), *_imports(catalog), *_names(catalog))
    return Part("plugins", f"{tally or 'none'}; {count(len(catalog.entries), 'component')}", findings)


def _states(catalog: Catalog) -> Iterator[Finding]:
    for plugin in catalog.plugins:
        if plugin.state not in ("ready", "disabled"):
            stage = f" at {plugin.stage}" if plugin.stage else ""
            message = f"{_named(plugin)} is {plugin.state}{stage}: {plugin.cause}"
            yield Finding("error", message, remedy(plugin))
    left_out = [plugin for plugin in catalog.plugins if plugin.state == "disabled"]
    for cause in dict.fromkeys(plugin.cause for plugin in left_out):
        alike = [plugin for plugin in left_out if plugin.cause == cause]
        names = ", ".join(plugin.name for plugin in alike)
        yield Finding("note", f"left out, as {cause}: {names}", remedy(alike[0]))
    for name in sorted(OFFICIAL - {plugin.name for plugin in catalog.plugins}):
        yield Finding("note", f"the official plugin {name} is not installed", f"pip install hornbook-{name}")


def _imports(catalog: Catalog) -> Iterator[Finding]:
    for plugin in catalog.plugins:
        if plugin.heavy or plugin.import_seconds > BUDGET_SECONDS:
            seconds = f"{plugin.import_seconds:.2f} s"
            brings = f" and brings in {', '.join(plugin.heavy)}" if plugin.heavy else ""
            message = f"importing {plugin.entry.module} of {_named(plugin)} takes {seconds}{brings}"
            remedy = "its author should import less there, as targets are imported when they are used"
            yield Finding("warning", message, f"{remedy}; the budget is {BUDGET_SECONDS} s")


def _names(catalog: Catalog) -> Iterator[Finding]:
    for problem in clashes(catalog):
        yield Finding(problem.severity, problem.message, problem.hint)


def _named(plugin: Plugin) -> str:
    return f"the plugin {plugin.name} ({plugin.distribution} {plugin.version})"
