"""Pictures of every page in every language, width and appearance: `python -m tests.screens`.

Called by `make screens`. They lie in `build/screens/`, named for page, language, width and appearance.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["SCREENS"] = "all"
    # Eight pictures of each page take longer than a test may.
    sys.exit(pytest.main(["tests/browser/test_pages.py", "-q", "-o", "faulthandler_timeout=0"]))
