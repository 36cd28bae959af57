"""What is given too fast: the rules that watch, what they read, the alarms they raised."""
