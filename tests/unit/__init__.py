"""One module at a time, without files of a whole study."""
