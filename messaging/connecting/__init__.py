"""A number at Meta is connected with this system, step by step, and each step is checked with Meta."""
