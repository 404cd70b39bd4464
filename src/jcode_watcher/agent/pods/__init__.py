"""What the Kubernetes API says of this node's pods: enrichment, which may come late or not at all."""
