"""One file a figure: on which databases it is taken, and how."""
