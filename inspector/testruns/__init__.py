"""Results of test runs: which test used which recordings, how it ended, and why a replay missed."""
