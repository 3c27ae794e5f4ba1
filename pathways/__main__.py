"""``python -m pathways`` is the command line."""

from pathways.cli import main

main()
