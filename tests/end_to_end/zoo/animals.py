"""The zoo: plugins that do everything wrong, each written as its author would have published it.

The module of a plugin is also its package, so every animal is one small file, but for those that need more.
"""

from dataclasses import dataclass, field

GOOD = """
from hornbook import declare, hookimpl

@hookimpl
def hornbook_components():
    yield declare.loss("{name}", "keras.losses:Huber", labels="one_hot")
"""
"""What a plugin looks like that does nothing wrong."""

HOOK = "from hornbook import declare, hookimpl\n\n@hookimpl\ndef hornbook_components():\n"


@dataclass(frozen=True)
class Animal:
    """A plugin and what is to be found out about it.

    Args:
        name: The plugin's name; its distribution is `zoo-<name>`.
        source: Its module.
        state: The state that it must be in.
        stage: The stage at which it must break.
        cause: Words that its cause must have.
        modules: More files, by path.
        module: What its entry point names, where that is not its own module.
        requires: What its distribution requires.
        metadata: Its metadata, where that is not as it should be.
        distribution: Its distribution, where it shares its plugin name with another.
    """

    name: str
    source: str
    state: str = "broken"
    stage: str = ""
    cause: str = ""
    modules: dict[str, str] = field(default_factory=dict)
    module: str = ""
    requires: tuple[str, ...] = ("hornbook-registry>=0.1",)
    metadata: str | None = None
    distribution: str = ""


def at_import(name, source, cause, **more):
    """A plugin whose module does something when it is imported."""
    return Animal(name, source, stage="import", cause=cause, **more)


def hook(name, body, cause, stage="hooks", before="", **more):
    """A plugin whose hook does something."""
    return Animal(name, f"{before}{HOOK}    {body}\n", stage=stage, cause=cause, **more)


def target(name, declaration, cause, stage="target", **more):
    """A plugin that declares something."""
    return hook(name, f"yield {declaration}", cause, stage, **more)


FAULTY = (
    at_import("import_error", "raise ImportError('on purpose')\n", "ImportError: on purpose"),
    at_import("syntax_error", "def (:\n", "SyntaxError"),
    at_import("exits", "raise SystemExit(0)\n", "SystemExit"),
    at_import("interrupts", "raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    at_import("recurses", "def again():\n    again()\nagain()\n", "RecursionError"),
    at_import("leaves", "import os\nos._exit(7)\n", "exit status 7"),
    at_import("crashes", "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "SIGSEGV"),
    at_import("sleeps", "import time\ntime.sleep(3600)\n", "not done within"),
    at_import(
        "eats_memory", "eaten = []\nwhile True:\n    eaten.append(bytearray(10_000_000))\n", "megabytes"
    ),
    at_import(
        "lacks_dependency",
        "import zoo_keeper\n",
        "No module named 'zoo_keeper'",
        requires=("hornbook-registry>=0.1", "zoo-keeper>=2"),
    ),
    at_import("wrong_module", "", "No module named 'zoo_nowhere'", module="zoo_nowhere.hornbook"),
    hook("raises", "raise ValueError('in the hook')", "ValueError: in the hook"),
    hook("waits", "import time; time.sleep(3600)", "not done within"),
    hook("never_ends", "while True: yield declare.loss('x', 'keras.losses:Huber')", "more than 10,000"),
    hook("yields_garbage", "yield {'kind': 'loss'}", "yields dict where a Component is due", "declaration"),
    Animal(
        "misspells",
        "from hornbook import hookimpl\n\n@hookimpl\ndef hornbook_component():\n    return []\n",
        stage="hooks",
        cause="did you mean 'hornbook_components'?",
    ),
    hook(
        "dies_later",
        "time.sleep(3600)",
        "exit status 9",
        before="import os, threading, time\nthreading.Timer(0.2, lambda: os._exit(9)).start()\n",
    ),
    hook(
        "repeats",
        "yield declare.loss('twice', 'keras.losses:Huber')\n    yield declare.loss('twice', 'keras.losses:Dice')",
        "'twice' names both 'keras.losses:Huber' and 'keras.losses:Dice'",
        "declaration",
    ),
    hook(
        "overlaps",
        "yield declare.loss('one', 'keras.losses:Huber')\n"
        "    yield declare.loss('two', 'keras.losses:Dice', aliases=['one'])",
        "'one' names both",
        "declaration",
    ),
    target(
        "unplain",
        "declare.loss('x', 'keras.losses:Huber', defaults={'delta': object()})",
        "plain",
        "declaration",
    ),
    target(
        "ill_typed",
        "declare.loss('x', 'keras.losses:Huber', summary=5)",
        "summary is not text",
        "declaration",
    ),
    target("ill_named", "declare.loss('Not A Name', 'keras.losses:Huber')", "not snake_case", "declaration"),
    target("foreign", "declare.loss('x', 'xml.dom:Node')", "lies in 'xml'", "declaration"),
    target("lost", "declare.loss('x', 'keras.losses:NoSuchLoss')", "NoSuchLoss"),
    target("lost_module", "declare.loss('x', 'zoo_lost_module.losses:Loss')", "zoo_lost_module"),
    target(
        "not_callable", "declare.loss('x', 'zoo_not_callable:LOSS')", "is not callable", before="LOSS = 3\n"
    ),
    target("wrong_kind", "declare.loss('x', 'keras.optimizers:SGD')", "is no keras.losses.Loss"),
    Animal(
        "from_the_future",
        "raise AssertionError('imported all the same')\n",
        state="incompatible",
        cause="it requires hornbook-registry>=99",
        requires=("hornbook-registry>=99",),
    ),
    Animal("no_metadata", GOOD.format(name="x"), stage="metadata", cause="lacks the name", metadata="\n"),
    Animal("bad_entry", "", stage="metadata", cause="not the name of a module", module="zoo bad:entry!"),
    Animal(
        "twin", GOOD.format(name="x"), "conflicting", cause="zoo-second-twin", distribution="zoo-first-twin"
    ),
    Animal(
        "twin", GOOD.format(name="x"), "conflicting", cause="zoo-first-twin", distribution="zoo-second-twin"
    ),
    Animal("losses", GOOD.format(name="x"), "conflicting", cause="reserved", distribution="zoo-usurper"),
)
"""Those that cannot be used."""

ODD = (
    Animal("acme", GOOD.format(name="wing"), "ready"),
    Animal(
        "prints",
        "print('printed at import')\n"
        + GOOD.format(name="printed").replace("    yield", "    print('again')\n    yield"),
        "ready",
    ),
    Animal(
        "threads",
        "import threading, time\n\nthreading.Thread(target=time.sleep, args=(3600,)).start()\n"
        + GOOD.format(name="threaded"),
        "ready",
    ),
    Animal("heavy", "import tensorflow\n" + GOOD.format(name="weighty"), "ready"),
    Animal(
        "mutates",
        "import hornbook.declare, sys\n\n"
        "def ruined(*_, **__):\n    raise RuntimeError('ruined')\n\n"
        + GOOD.format(name="mutant")
        + "\n\nfrom hornbook.hooks import hookimpl as mark\n\n@mark\ndef hornbook_recipes():\n"
        "    import hornbook_losses.plugin, keras\n"
        "    hornbook_losses.plugin.hornbook_components = ruined\n"
        "    keras.losses.Huber = keras.losses.Dice = ruined\n"
        "    hornbook.declare.loss = ruined\n"
        "    sys.modules['zoo_acme'] = None\n"
        "    return []\n",
        "ready",
    ),
    Animal("shares", GOOD.format(name="wing"), "ready"),
    Animal("shadows", GOOD.format(name="huber"), "ready"),
    Animal(
        "aliases",
        HOOK + "    yield declare.loss('feather', 'keras.losses:Huber', aliases=['printed'])\n",
        "ready",
    ),
    Animal(
        "escapes",
        HOOK
        + "    yield declare.loss('escaping', 'keras.losses:Huber', summary='\\x1b[31mred\\x1b]0;owned\\x07',"
        " reference='\\u202eback', tags=['\\x1b[2J'])\n",
        "ready",
    ),
    Animal(
        "talks",
        HOOK + "    yield declare.loss('talkative', 'keras.losses:Huber', summary='x' * 10_000_000)\n",
        "ready",
    ),
)
"""Those that can be used, whatever else they do."""

ALL = FAULTY + ODD
