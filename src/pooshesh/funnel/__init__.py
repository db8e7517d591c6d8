"""Where everything stands: funnels by unit, ageing, spending, forecast, simulator."""
