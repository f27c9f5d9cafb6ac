#!/usr/bin/env python
"""Entry point of every command. `up` runs before Django: it makes what the settings ask for."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgr.settings")
    if sys.argv[1:2] == ["up"]:
        from casemgr.embedded.up import main

        sys.exit(main(sys.argv[2:]))
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from casemgr.embedded.faults import StartError
    from casemgr.embedded.surroundings import adopt

    try:
        adopt(os.environ, "".join(sys.argv[1:2]))
        execute_from_command_line(sys.argv)
    except (StartError, ImproperlyConfigured) as fault:
        sys.exit(f"manage.py: {fault}")
