"""A desk that stands in for EDS where no EDS is named: the same SOAP, drafts, confirming.

It knows nothing of i.SAF: what it gets is a file of FFData for the person with a code.
"""
