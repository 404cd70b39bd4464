"""What asks the machine: each probe gives facts and judges nothing."""
