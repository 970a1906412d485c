"""Multiple imputation: a table with empty cells → m completed tables → one estimate, with what its making rests on."""
