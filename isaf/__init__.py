"""i.SAF: registers of received and issued VAT invoices."""
