"""Clocks of the room. No source states them: all are assumptions of the reference deployment."""

CLAIM_DAYS = 14  # a university decides within so many days
APPEAL_DAYS = 30  # a refusal may be appealed for so long
RENEWAL_DAYS = 60  # a tag that ends within so many days may be renewed
LONGEST_YEARS = 10  # a tag holds at most so long, unless it is without end
SHORTEST_REASON = 10  # letters
REGISTRY_DAYS = 365  # a row of the registry nobody could attach is kept
WISH_DAYS = 365  # words of who wished for a disease are kept
