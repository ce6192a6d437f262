"""One file a feature: parse, call a service, show the answer."""
