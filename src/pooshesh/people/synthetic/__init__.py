"""People who do not exist, for the demo, benchmarks and tests: a messy census and its rolls."""
