"""Every private or unsafe name of a library is touched here, and nowhere else."""
