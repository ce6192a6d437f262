"""What people see: layouts, texts, buttons, and the one presenter of errors."""
