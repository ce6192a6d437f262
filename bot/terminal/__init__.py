"""What the commands in the terminal do; `bot/cli.py` reads their arguments."""
