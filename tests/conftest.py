"""What every test may use."""

pytest_plugins = ["tests.services.fixtures", "tests.services.postbox", "tests.application"]
