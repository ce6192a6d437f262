"""What Easel does, without Discord, HTTP or SQL."""
