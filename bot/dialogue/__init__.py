"""What a conversation is. Pure: no I/O, no clock, no chance; everything comes in as values."""
