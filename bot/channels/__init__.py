"""Adapters: translate what arrives into events and messages into what a platform understands; nothing else."""
