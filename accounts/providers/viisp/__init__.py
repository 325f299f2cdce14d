"""VIISP, the state's gateway of identity: a ticket by SOAP, a trip of the browser, data once."""
