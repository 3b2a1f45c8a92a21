"""Rückgrat: a coach for people with back pain, in the messenger they already use."""
