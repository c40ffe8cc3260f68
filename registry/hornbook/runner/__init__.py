"""A recipe put to work: train, keep a journal, evaluate, predict, hand the journal to trackers."""
