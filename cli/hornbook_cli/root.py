"""The group of all commands, and its options."""

import os

import click

from hornbook import __version__
from hornbook.discovery.selection import ONLY
from hornbook_cli.group import Hornbook
from hornbook_cli.terminal import out
from hornbook_cli.unusable import REQUESTED

HELP = """Train Keras models from recipes that name their parts.

    \b
    hornbook list loss              the losses there are
    hornbook show huber             one of them, and how to use it
    hornbook check my.yaml          all that is wrong with a recipe
    hornbook run digits             carry out a recipe
    hornbook runs                   what came of it
    """

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import platform
        from importlib.metadata import PackageNotFoundError, version

        try:
            keras = f"Keras {version('keras')}"
        except PackageNotFoundError:
            keras = "no Keras"
        out(f"hornbook {__version__} (Python {platform.python_version()}, {keras})")
        ctx.exit()


def _choose_plugins(ctx: click.Context, parameter: click.Parameter, names: str | None) -> None:
    """Whatever this process and its children look up from now on, they look up among these."""
    if names is not None:
        os.environ[ONLY] = names
        ctx.meta[REQUESTED] = [name.strip() for name in names.split(",") if name.strip()]


def _choose_none(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        _choose_plugins(ctx, parameter, "")


@click.group(
    cls=Hornbook,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    default=False,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option(
    "--plugins",
    default=None,
    is_eager=True,
    expose_value=False,
    callback=_choose_plugins,
    metavar="A,B",
    help="Use only these plugins; the others are not imported.",
)
@click.option(
    "--no-plugins",
    is_flag=True,
    default=False,
    is_eager=True,
    expose_value=False,
    callback=_choose_none,
    help="Use no plugins at all.",
)
@click.option(
    "--debug",
    is_flag=True,
    default=False,
    expose_value=False,
    help="Show the traceback of an error. Goes after a command as well.",
)
def hornbook() -> None:
    """The group; see `HELP`."""
