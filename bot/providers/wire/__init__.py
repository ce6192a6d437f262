"""One pure file a wire format."""
