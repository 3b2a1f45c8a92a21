"""The same small conversation on the two libraries most bots are written with, as a competent user would write it."""
