"""Reads what another community's software wrote, as the happenings that an import replays. An adapter on the kernel alone."""
