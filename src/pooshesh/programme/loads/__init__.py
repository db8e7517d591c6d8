"""Many neighbourhoods at once: a folder of census sheets, the rolls given once, a job for each."""
