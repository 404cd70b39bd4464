"""A real class on one machine: service, agent, and students who save, build, run and crash."""
