"""From a text to the codes that it may mean: compiled indexes, retrieval, measures, calibrated chances."""
