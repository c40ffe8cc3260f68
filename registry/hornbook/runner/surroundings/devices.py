"""The devices that a backend computes on, by name. One of the few places that know backends apart."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def describe(backend: str) -> dict[str, Any]:
    """What there is to compute on.

    Args:
        backend: The Keras backend, which is imported already.

    Returns:
        Plain data: `names` (as the backend calls its devices), `gpus` (the model of each), `cpu` (the model
        of the processor; none where the system does not tell) and `cpu_count` (how many this process may use).
    """
    names: list[str] = []
    gpus: list[str] = []
    with suppress(Exception):  # a driver may fail in any way, and the run can go on without it being told
        names, gpus = _KNOWN[backend]()
    return {"names": names, "gpus": gpus, "cpu": _processor(), "cpu_count": _processors()}


def _tensorflow() -> tuple[list[str], list[str]]:
    import tensorflow as tf

    details = tf.config.experimental.get_device_details
    gpus = tf.config.list_physical_devices("GPU")
    names = [one.name.removeprefix("/physical_device:") for one in tf.config.list_physical_devices()]
    return names, [str(details(one).get("device_name", one.name)) for one in gpus]


def _jax() -> tuple[list[str], list[str]]:
    import jax

    devices = jax.devices()
    names = [f"{one.platform}:{one.id}" for one in devices]
    return names, [str(one.device_kind) for one in devices if one.platform != "cpu"]


def _torch() -> tuple[list[str], list[str]]:
    import torch

    gpus = [str(torch.cuda.get_device_name(number)) for number in range(torch.cuda.device_count())]
    return ["cpu", *(f"cuda:{number}" for number in range(len(gpus)))], gpus


_KNOWN: Mapping[str, Callable[[], tuple[list[str], list[str]]]] = {
    "tensorflow": _tensorflow,
    "jax": _jax,
    "torch": _torch,
}


def _processor() -> str | None:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
