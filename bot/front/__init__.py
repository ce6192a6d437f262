"""Discord in front of the services: asking, and delivering."""
