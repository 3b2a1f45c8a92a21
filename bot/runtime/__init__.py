"""Worker, sender, clock, wiring and lifecycle: the only place where the rooms meet."""
