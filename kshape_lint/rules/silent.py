"""KSH4xx: it runs, but not as meant."""
