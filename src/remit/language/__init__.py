"""The study language: parse, resolve, evaluate, interpret, describe, fields."""
