"""Preliminary VAT returns, the pure part: forms and rules as dated tables, boxes, checks, FFData.

Data in, data out: what the boxes hold, what a code feeds and which formula gives the result are
rows of `schemas/isaf/returns/`, so a change of law is a new row (sources: `schemas/README.md`).
"""
