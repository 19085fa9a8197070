"""Tests of the files that finance takes away."""
