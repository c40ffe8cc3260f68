"""Training: from the first step to the last, whatever comes between."""
