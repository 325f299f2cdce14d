"""The front desk: documents as they came, receipts, claims, verdicts, problems, progress."""
