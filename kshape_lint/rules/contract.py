"""KSH3xx: the contract between data, model and loss at fit, evaluate, predict and call."""
