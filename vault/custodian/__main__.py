"""`python -m vault.custodian`."""

import sys

from vault.custodian.tool.arguments import main

if __name__ == "__main__":
    sys.exit(main())
