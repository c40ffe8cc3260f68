"""What is kept of runs on disk, and read again: light, without Keras or numpy."""
