"""All SQL, and the files beside it."""
