"""Recordings without a format of their own: pairs, bare bodies; and those in our exports."""
