"""What no lesson is about: files, seeds, devices, Ctrl-C, command lines. For us, not for learners."""
