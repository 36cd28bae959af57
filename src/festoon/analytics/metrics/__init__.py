"""One file a metric: its name is its code, its docstring says what exactly is counted."""
