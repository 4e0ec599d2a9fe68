"""What the words are: misreadings repaired, shorthand written out."""
