"""What the note says: terms, their context and details."""
