"""Parts of tools/kernel-matrix."""
