"""From source text to the small program of plain nodes; alone in knowing libcst's node classes."""
