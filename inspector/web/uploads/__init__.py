"""What people send to the server: recordings that they paste, and logs."""
