"""What a run runs on: looked up, written down, held against what is here now."""
