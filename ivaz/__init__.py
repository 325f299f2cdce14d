"""i.VAZ: waybills of goods carried by road, from their issue to their receipt (VA-119, 19)."""
