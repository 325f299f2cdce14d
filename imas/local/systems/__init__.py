"""Pretended Mano VMI, EDS and AIS for a local run and for tests: parties of our single sign-on."""
