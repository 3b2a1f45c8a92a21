"""Learning and judging the free-text alarm: `make train-alarm`."""
