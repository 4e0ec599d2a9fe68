"""Rules of the trade: what a note makes of its codes."""
