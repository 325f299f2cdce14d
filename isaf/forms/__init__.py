"""Input of the i.SAF pages; shape only, meaning belongs to rules and services."""
