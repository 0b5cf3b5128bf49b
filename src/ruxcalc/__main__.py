"""`python -m ruxcalc`."""

from ruxcalc.cli.main import main

if __name__ == "__main__":
    main()
