"""What hornbook-schedulers contributes: learning rate schedules, Keras' and those that Keras lacks.

Where a recipe leaves a length out, the run provides it: its own length to schedules that span the
whole, the length of an epoch to those whose length is a time constant, a first cycle or a start.
"""

from collections.abc import Iterable

from hornbook import Component, Parameter, hookimpl
from hornbook.declare import scheduler

OWN = "hornbook_schedulers"
KERAS = "hornbook_schedulers.keras_schedules"

WHOLE = "training.total_steps"
EPOCH = "training.steps_per_epoch"


def rate(description: str = "") -> Parameter:
    """Return a learning rate; described by the docstring where no description is given."""
    return Parameter(description=description, minimum=0.0)


def steps(description: str = "") -> Parameter:
    """Return a number of steps; described by the docstring where no description is given."""
    return Parameter(description=description, minimum=1)


FRACTION = Parameter(minimum=0.0, maximum=1.0)
FACTOR = Parameter(minimum=1.0)
NAME = Parameter(description="A name for the operations in the graph.")


@hookimpl
def hornbook_components() -> Iterable[Component]:
    """Yield the schedulers."""
    yield from _own()
    yield from _keras()


def _own() -> Iterable[Component]:
    yield scheduler(
        "constant",
        f"{OWN}.constant:Constant",
        summary="The same learning rate at every step.",
        parameters={"value": rate()},
    )
    yield scheduler(
        "cosine_annealing",
        f"{OWN}.cosine_annealing:CosineAnnealing",
        summary="Half a cosine down, in one cycle or several with warm restarts, over the whole run.",
        provided={"total_steps": WHOLE},
        parameters={
            "initial_learning_rate": rate(),
            "total_steps": steps(),
            "cycles": steps(),
            "min_learning_rate": rate(),
        },
        reference="Loshchilov & Hutter 2017",
        aliases=["sgdr"],
        tags=["restarts"],
    )
    yield scheduler(
        "one_cycle",
        f"{OWN}.one_cycle:OneCycle",
        summary="Up to a peak, down again, then to almost nothing, over the whole run.",
        provided={"total_steps": WHOLE},
        parameters={
            "max_learning_rate": rate(),
            "total_steps": steps(),
            "rise": FRACTION,
            "annihilation": FRACTION,
            "div_factor": FACTOR,
            "final_div_factor": FACTOR,
            "anneal": Parameter(choices=("linear", "cosine")),
        },
        reference="Smith 2018",
        tags=["warmup"],
    )
    yield scheduler(
        "warmup",
        f"{OWN}.warmup:Warmup",
        summary="A gradual start for any schedule or number; takes one epoch by default.",
        provided={"warmup_steps": EPOCH},
        parameters={
            "schedule": Parameter(kind="scheduler"),
            "warmup_steps": steps(),
            "start_factor": FRACTION,
        },
        reference="Goyal et al. 2017",
    )


def _keras() -> Iterable[Component]:
    first = rate("The learning rate at the first step.")
    each = Parameter(description="What the learning rate is multiplied by in every decay_steps.")
    stairs = Parameter(description="Whether to change only at whole multiples of decay_steps.")
    floor = Parameter(description="The least learning rate, as a fraction of the greatest.")
    yield scheduler(
        "cosine_decay",
        f"{KERAS}:cosine_decay",
        summary="Half a cosine down over the whole run, after a linear warmup where one is asked for.",
        provided={"total_steps": WHOLE},
        parameters={
            "initial_learning_rate": first,
            "decay_steps": steps("How many steps the decay takes; left out, all that the warmup leaves."),
            "total_steps": steps("How many steps the whole takes."),
            "alpha": floor,
            "warmup_target": rate("What the warmup goes up to; without it there is none."),
            "warmup_steps": Parameter(description="How many steps the warmup takes.", minimum=0),
            "name": NAME,
        },
        facts={"length": "decay_steps"},
        reference="Loshchilov & Hutter 2017",
        tags=["warmup"],
    )
    yield scheduler(
        "cosine_decay_restarts",
        f"{KERAS}:cosine_decay_restarts",
        summary="Cosine decay, restarting after ever longer cycles; the first is one epoch by default.",
        provided={"first_decay_steps": EPOCH},
        parameters={
            "initial_learning_rate": first,
            "first_decay_steps": steps("How many steps the first cycle takes."),
            "t_mul": Parameter(description="How many times longer each cycle is than the one before."),
            "m_mul": Parameter(description="What a restart multiplies the peak by."),
            "alpha": floor,
            "name": NAME,
        },
        reference="Loshchilov & Hutter 2017",
        tags=["restarts"],
    )
    yield scheduler(
        "exponential_decay",
        f"{KERAS}:exponential_decay",
        summary="Times decay_rate every decay_steps, smoothly; decay_steps is one epoch by default.",
        provided={"decay_steps": EPOCH},
        parameters={
            "initial_learning_rate": first,
            "decay_steps": steps("In how many steps the learning rate is multiplied by decay_rate."),
            "decay_rate": each,
            "staircase": stairs,
            "name": NAME,
        },
    )
    yield scheduler(
        "inverse_time_decay",
        f"{KERAS}:inverse_time_decay",
        summary="Divided by 1 + decay_rate * step / decay_steps; decay_steps is one epoch by default.",
        provided={"decay_steps": EPOCH},
        parameters={
            "initial_learning_rate": first,
            "decay_steps": steps("In how many steps the divisor grows by decay_rate."),
            "decay_rate": Parameter(
                description="What the divisor, 1 at first, grows by in every decay_steps."
            ),
            "staircase": stairs,
            "name": NAME,
        },
    )
    yield scheduler(
        "piecewise_constant_decay",
        f"{KERAS}:piecewise_constant_decay",
        summary="One value up to and including each boundary, and a last one after it.",
        parameters={
            "boundaries": Parameter(description="The last step of every value but the last one, in order."),
            "values": Parameter(description="The learning rates; one more than there are boundaries."),
            "name": NAME,
        },
    )
    yield scheduler(
        "polynomial_decay",
        f"{KERAS}:polynomial_decay",
        summary="From one learning rate to another over the whole run: a line, or a power of what remains.",
        provided={"decay_steps": WHOLE},
        parameters={
            "initial_learning_rate": first,
            "decay_steps": steps("How many steps the decay takes."),
            "end_learning_rate": rate("What it goes down to, and stays at."),
            "power": Parameter(description="The power of the fraction that remains; 1 is a line."),
            "cycle": Parameter(description="Whether to go up again, and down more slowly, rather than stay."),
            "name": NAME,
        },
    )
    yield scheduler(
        "step_decay",
        f"{KERAS}:exponential_decay",
        summary="Times decay_rate after every decay_steps, in one drop.",
        defaults={"decay_rate": 0.1, "staircase": True},
        parameters={
            "initial_learning_rate": first,
            "decay_steps": steps("After how many steps each drop comes."),
            "decay_rate": Parameter(description="What a drop multiplies the learning rate by."),
            "staircase": stairs,
            "name": NAME,
        },
        tags=["staircase"],
    )
