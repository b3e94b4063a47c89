"""What large libraries cost on this machine, beside a K-D tree, an exact search and a plain loop."""
