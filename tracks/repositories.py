"""A project's repository, as pages, tasks and the command line ask for it. Reads git, writes no fact."""
