"""The report beside HTML: Word, PDF, tables and figures alone. Each is made from the one `Document`."""
