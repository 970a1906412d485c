"""`remit simulate`: charts of patients who do not exist, and how a study will perform."""
