"""How fast this machine is with each prior: `adir bench`."""
