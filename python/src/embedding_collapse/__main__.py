"""`python -m embedding_collapse` is `collapse`."""

import sys

from .cli import main

sys.exit(main())
