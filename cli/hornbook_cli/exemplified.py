"""A click command whose help ends with lines to copy."""

from collections.abc import Sequence
from typing import Any

import click


class Exemplified(click.Command):
    """A command with examples.

    Args:
        *arguments: As `click.Command` takes them.
        examples: What one may type, a line each.
        **more: As `click.Command` takes them.
    """

    def __init__(self, *arguments: Any, examples: Sequence[str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, line by line as they are."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{example}\n")
