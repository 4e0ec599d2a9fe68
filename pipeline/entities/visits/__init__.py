"""Whose visit it is: identity, date, provider and what else pages say of an encounter."""
