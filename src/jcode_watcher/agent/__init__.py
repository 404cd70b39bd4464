"""The node agent: place, classify, keep, deliver. It watches one node and never waits for the network."""
