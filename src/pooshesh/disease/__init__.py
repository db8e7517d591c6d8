"""Diseases and their packages, diagnoses that universities decide, tags of patients."""
