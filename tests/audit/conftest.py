"""The log's own tools for tests: a superuser's connection to the database, and a signer's folder apart."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django.fixtures import Settings


@pytest.fixture
def superuser(transactional_db: None) -> Iterator[psycopg.Connection]:
    """The strongest adversary inside the database: triggers and foreign keys do not hold them."""
    server = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0]
    with psycopg.connect(f"{server}/{connection.settings_dict['NAME']}", autocommit=True) as other:
        other.execute("SET session_replication_role = replica")
        yield other


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Where the signer of this test keeps its key and memory."""
    settings.LOG_SIGNER_DIR = tmp_path / "log-signer"
    return tmp_path / "log-signer"
