"""The command line: from arguments to an answer and an exit status."""
