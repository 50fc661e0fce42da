"""Here PostgreSQL itself is killed: SQLAlchemy drops the connections of a server that went away, and Python finds them open."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """That alone is no fault."""
    config.addinivalue_line("filterwarnings", "ignore:<psycopg.Connection object:ResourceWarning")
