"""A dataset on its way to the model: split, encoded, adapted to, augmented, fed."""
