"""One exchange: its conversation and the tabs beside it."""
