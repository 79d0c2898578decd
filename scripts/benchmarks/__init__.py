"""The topics of scripts/bench."""
