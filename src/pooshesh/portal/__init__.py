"""The patient's own page, for the patient, a guardian, an heir, a delegate or a helper."""
