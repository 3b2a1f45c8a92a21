"""What a physiotherapist knows, as pure functions: no I/O, no clock, no chance; numbers come from thresholds.yaml."""
