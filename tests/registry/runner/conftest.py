"""What a feed gives Keras."""

import keras
import pytest


def _fed(feeding, epoch=None, steps=None):
    if epoch is not None:
        feeding.begin(epoch)
    batches = feeding.batches
    if isinstance(batches, keras.utils.PyDataset):
        wanted = range(len(batches)) if steps is None else steps
        found = [batches[step] for step in wanted]
    else:
        found = [batch for step, batch in enumerate(batches) if steps is None or step in steps]
    return [keras.tree.map_structure(keras.ops.convert_to_numpy, batch) for batch in found]


@pytest.fixture
def fed():
    """Gives the batches of a feed, of an epoch or of some steps of it, as numpy arrays."""
    return _fed
