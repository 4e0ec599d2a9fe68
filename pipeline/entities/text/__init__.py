"""A page as running text: lines joined, cut into tokens, sorted under headings, with the way back to the ink."""
