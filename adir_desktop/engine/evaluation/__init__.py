"""Every method on every task over a folder of photos: tables, curves, and a page that can be mailed."""
