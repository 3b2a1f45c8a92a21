"""Benchmarks: every figure measured in one run on one machine, each side in a process of its own."""
