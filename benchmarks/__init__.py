"""What performance is measured with: `make bench`. Nothing of ours imports it."""
