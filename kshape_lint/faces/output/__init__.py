"""The output formats: each a function from the findings of a run to text."""
