"""The uploader: the SOAP web service that accounting programs know (specification 2.2)."""
