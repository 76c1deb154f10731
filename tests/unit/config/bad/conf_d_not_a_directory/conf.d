# not a directory
