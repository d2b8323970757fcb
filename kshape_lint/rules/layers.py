"""KSH2xx: layers that refuse what reaches them, or their arguments."""
