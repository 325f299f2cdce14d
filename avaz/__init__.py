"""a.VAZ, the fallback for waybills (VA-119, 24-29 p.): the main side; `desk` stands alone."""
