"""The same run once more, and how far the two agree."""
