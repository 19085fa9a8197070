"""What every network must keep (contract.py), and each network against a real server."""

import pytest

pytest.register_assert_rewrite("tests.networks.contract")
