"""Sessions as coding agents write them down."""
