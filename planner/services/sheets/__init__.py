"""Sheets in and out across the corridors: what left is remembered, what comes back is compared."""
