"""Recording formats: how traffic is kept on disk. One module each, in a folder for each family."""

from inspector.formats.detect import modules
from inspector.formats.recording import Recording, in_parts, read

__all__ = ["Recording", "in_parts", "modules", "read"]
