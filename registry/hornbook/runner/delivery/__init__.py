"""Journals on their way to trackers, in a process beside the run."""
