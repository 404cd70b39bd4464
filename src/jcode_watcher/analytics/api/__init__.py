"""What can be asked of the service, endpoint by endpoint."""
