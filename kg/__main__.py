"""``python -m kg``: the command line where no ``kg`` is on the path."""

from kg.cli.main import main

if __name__ == "__main__":
    main()
