"""How a check is asked for and shown: the flake8 plugin, the command, the output formats."""
