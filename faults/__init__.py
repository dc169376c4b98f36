"""What is promised, checked by breaking things: real processes, real servers, a stand-in that counts.

Nothing of the product imports this package.
"""
