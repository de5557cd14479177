"""The command line from a checkout: python manage.py COMMAND."""

from server.cli import main

if __name__ == "__main__":
    main()
