"""Pooling: the estimates of several studies as one.

Our own: of the kept libraries statsmodels has neither REML nor mixed models of counts and takes seconds to import,
PyMARE and pymetaanalysis bring pandas and have no mixed models of counts, pimeta is new and brings matplotlib. The
reference is R's metafor (W. Viechtbauer, Journal of Statistical Software 2010;36(3):1-48), with which the tests agree.
"""
