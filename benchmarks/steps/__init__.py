"""What a measurement does inside Django, each module in a process of its own: `run` returns the figures."""
