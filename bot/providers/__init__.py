"""Picture providers: routes, wires and the one transport."""
