"""The analytics service: takes events from agents, keeps them, and shows them."""
