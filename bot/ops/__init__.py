"""What an operator looks at while the bot runs."""
