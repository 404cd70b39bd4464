"""From the spool to the service, for ever, perhaps twice."""
