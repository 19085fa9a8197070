"""The whole product and a browser for the tests beside this file."""

from tests.browser.fixtures import _kept_visitors, address, chromium, planted, product, visitors  # noqa: F401  found by name
