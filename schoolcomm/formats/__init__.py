"""How dates and times are written on the screens, by language."""
