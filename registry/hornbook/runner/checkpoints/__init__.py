"""All that the rest of a training depends on: taken, kept and put back."""
