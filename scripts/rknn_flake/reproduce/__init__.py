"""Builds packages twice or more under different conditions, and compares what comes out."""
