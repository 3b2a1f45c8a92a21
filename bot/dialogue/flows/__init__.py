"""The conversations, one file a flow. A flow sees its start values and the answers, nothing else."""
