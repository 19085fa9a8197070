"""Frozen dataclasses and the queries behind them."""
