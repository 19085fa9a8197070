"""Bluesky, through the atproto SDK. `adapter.build` makes the adapter; the SDK is loaded only with it."""
