"""Many people who talk to a bot at once, each answering as soon as asked. They live in the double's own process."""
