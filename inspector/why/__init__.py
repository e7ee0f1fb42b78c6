"""Why a request found no recording: proved from its key, compared with what is recorded, or what is nearest."""
