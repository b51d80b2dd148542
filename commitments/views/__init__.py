"""The pages of the commitments: the catalogue, the deliveries, and the delivery loop from report to sign-off."""
