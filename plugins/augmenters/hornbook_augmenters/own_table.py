"""The augmenters that Keras lacks, or has in a form that a run cannot use, as declarations."""

from collections.abc import Iterable

from hornbook import Component, Parameter
from hornbook.declare import augmenter

OWN = "hornbook_augmenters"

COUNT = Parameter(minimum=1)
SHARE = Parameter(minimum=0.0)
FRACTION = Parameter(minimum=0.0, maximum=1.0)


def augmenters() -> Iterable[Component]:
    """Yield the declarations, in the order of their names."""
    yield augmenter(
        "cutmix",
        f"{OWN}.cutmix:CutMix",
        summary="Puts a box of one image into another and mixes the labels by area.",
        parameters={"alpha": SHARE},
        reference="Yun et al. 2019",
        aliases=["cut_mix"],
        tags=["images", "mixes_labels"],
    )
    yield augmenter(
        "cutout",
        f"{OWN}.cutout:Cutout",
        summary="Fills square holes in images; holes may reach over the border.",
        parameters={"length": COUNT, "holes": COUNT},
        reference="DeVries & Taylor 2017",
        tags=["images"],
    )
    yield augmenter(
        "mixup",
        f"{OWN}.mixup:MixUp",
        summary="Blends each example with another, images or features, and their labels alike.",
        parameters={"alpha": SHARE},
        reference="Zhang et al. 2018",
        aliases=["mix_up"],
        tags=["images", "features", "mixes_labels"],
    )
    yield augmenter(
        "random_apply",
        f"{OWN}.random_apply:RandomApply",
        summary="Applies an augmenter to each example with some probability.",
        parameters={"layer": Parameter(kind="augmenter"), "rate": FRACTION},
        tags=["images", "features", "tokens"],
    )
    yield augmenter(
        "random_choice",
        f"{OWN}.random_choice:RandomChoice",
        summary="Gives each example the outcome of one of several augmenters.",
        parameters={"layers": Parameter(kind="augmenter")},
        tags=["images", "features", "tokens"],
    )
    yield augmenter(
        "random_crop",
        f"{OWN}.random_crop:RandomCrop",
        summary="Pads images and crops them back to their size at a random place.",
        parameters={"padding": COUNT},
        reference="He et al. 2016",
        tags=["images", "geometry"],
    )
    yield augmenter(
        "random_elastic_transform",
        f"{OWN}.random_elastic_transform:RandomElasticTransform",
        summary="Bends images like a sheet of rubber.",
        parameters={"alpha": SHARE, "sigma": SHARE, "rate": FRACTION},
        reference="Simard et al. 2003",
        aliases=["elastic_transform"],
        tags=["images", "geometry"],
    )
    yield augmenter(
        "random_grayscale",
        f"{OWN}.random_grayscale:RandomGrayscale",
        summary="Turns some images gray, keeping their three channels.",
        parameters={"factor": FRACTION},
        tags=["images", "color", "rgb"],
    )
