"""Runs the small program abstractly; it knows no library."""
