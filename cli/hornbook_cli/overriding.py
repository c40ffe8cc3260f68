"""A click command that takes a recipe and overrides."""

import shlex
from collections.abc import Sequence

import click

from hornbook.recipes.shape import KEYS, TRAINING
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert


class Overriding(Exemplified):
    """A command with `-s`; whoever leaves the `-s` out, or takes a key for an option, is told where it goes."""

    allow_extra_args = True
    """To click; what is left over is refused here, in words of our own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what was typed.

        Raises:
            click.UsageError: When something is wrong with it, or left over.
        """
        try:
            left = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if path := _path(error.option_name):
                ctx.fail(f"No such option {inert(error.option_name)}; write -s {path}=...")
            raise
        if left and not ctx.resilient_parsing:
            ctx.fail(_refusal(left, varies=any(one.name == "variables" for one in self.params)))
        return left


def _path(option: str) -> str:
    """Where a recipe has what an option seems to mean; empty where nothing is called so."""
    key = option.lstrip("-").replace("-", "_")
    return f"training.{key}" if key in TRAINING else key if key in KEYS else ""


def _refusal(left: Sequence[str], varies: bool) -> str:
    words = " ".join(map(inert, left))
    message = f"Got unexpected extra argument{'s' if len(left) > 1 else ''} ({words})"
    if not all("=" in one or one.startswith("~") for one in left):
        return message
    changes = " ".join(f"{_option(one, varies)} {shlex.quote(inert(one))}" for one in left)
    return f"{message}; write {changes}"


def _option(change: str, varies: bool) -> str:
    several = "," in change or ".." in change
    return "-v" if varies and several else "-s"
