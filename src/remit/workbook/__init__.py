"""Workbooks that remit writes for people: what a centre fills in, and charts that are already filled."""
