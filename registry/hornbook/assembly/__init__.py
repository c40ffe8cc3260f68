"""Recipe -> Keras objects."""
