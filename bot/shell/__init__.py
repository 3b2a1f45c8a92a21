"""What clinicians and testers ask from the shell. Every answer comes from the functions that serve the conversation."""
