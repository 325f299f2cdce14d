"""What is done to waybills: taken, amended, split, received, closed."""
