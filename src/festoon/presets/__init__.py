"""The rule library: reviewed, named, versioned combinations of rules with parameters left open."""
