"""Claims in the review: seen, completed, released, sent, and what payers answered."""
