"""Whether centres differ, by how much, and whether an estimate hangs on one of them."""
