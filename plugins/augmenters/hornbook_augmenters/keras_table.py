"""Keras' image augmentation layers, as declarations.

Not among them: `CutMix`, `MixUp`, `RandomCrop`, `RandomElasticTransform` and `RandomGrayscale`, for which this
package has its own; layers that prepare images for validation too (`CenterCrop`, `Resizing`, `MaxNumBoundingBoxes`);
`ContrastLimitedAdaptiveHistogramEqualization`, which refuses labels; and `AugMix`, which picks its
operations with Python's own randomness, once when it is traced and not once a batch.
"""

from collections.abc import Iterable

from hornbook import Component, Parameter
from hornbook.declare import augmenter

LAYERS = "keras.layers"

Row = tuple[str, str, str]

RANGE = {"value_range": "data.value_range"}
"""Layers that compute with colors must know the range; Keras would take 0 to 255."""

GEOMETRY: tuple[Row, ...] = (
    ("random_flip", "RandomFlip", "Flips images, left to right, upside down or both."),
    ("random_perspective", "RandomPerspective", "Tilts images as if seen from the side."),
    ("random_rotation", "RandomRotation", "Turns images; factor 1 is a full turn either way."),
    ("random_shear", "RandomShear", "Slants images along either axis."),
    ("random_translation", "RandomTranslation", "Moves images by a fraction of their size."),
    ("random_zoom", "RandomZoom", "Zooms images in or out."),
)

COLOR: tuple[Row, ...] = (
    ("auto_contrast", "AutoContrast", "Stretches every image's values over the whole range."),
    ("equalization", "Equalization", "Evens out every image's histogram."),
    ("random_brightness", "RandomBrightness", "Makes images brighter or darker."),
    ("random_color_degeneration", "RandomColorDegeneration", "Fades the colors of RGB images toward gray."),
    (
        "random_color_jitter",
        "RandomColorJitter",
        "Changes brightness, contrast, saturation and hue of RGB images.",
    ),
    ("random_contrast", "RandomContrast", "Raises or lowers the contrast of images."),
    ("random_gaussian_blur", "RandomGaussianBlur", "Blurs images."),
    ("random_hue", "RandomHue", "Turns the hues of RGB images."),
    ("random_invert", "hornbook_augmenters.random_invert:RandomInvert", "Turns images into their negatives."),
    ("random_posterization", "RandomPosterization", "Keeps only some of the bits of every value."),
    ("random_saturation", "RandomSaturation", "Makes the colors of RGB images stronger or weaker."),
    ("random_sharpness", "RandomSharpness", "Sharpens or softens images."),
    ("solarization", "Solarization", "Inverts the values above a threshold."),
)


RGB = ("random_color_degeneration", "random_color_jitter", "random_hue", "random_saturation")
"""Those that need three channels."""


def augmenters() -> Iterable[Component]:
    """Yield the declarations, by what the layers do."""
    for name, layer, summary in GEOMETRY:
        yield augmenter(name, f"{LAYERS}:{layer}", summary=summary, tags=["images", "geometry"])
    for name, layer, summary in COLOR:
        tags = ["images", "color", *(["rgb"] if name in RGB else [])]
        target = layer if ":" in layer else f"{LAYERS}:{layer}"
        yield augmenter(name, target, summary=summary, provided=RANGE, tags=tags)
    yield augmenter(
        "pipeline",
        f"{LAYERS}:Pipeline",
        summary="Applies one augmenter after another; for use within another one.",
        parameters={"layers": Parameter(kind="augmenter", description="The augmenters, in order.")},
        tags=["images", "features", "tokens"],
    )
    yield augmenter(
        "rand_augment",
        f"{LAYERS}:RandAugment",
        summary="Applies a few operations drawn from eleven, the same to a whole batch. Slow.",
        provided=RANGE,
        reference="Cubuk et al. 2020",
        tags=["images", "geometry", "color"],
    )
    yield augmenter(
        "random_erasing",
        f"{LAYERS}:RandomErasing",
        summary="Fills a rectangle of each image with noise or one value.",
        provided=RANGE,
        reference="Zhong et al. 2020",
        tags=["images"],
    )
