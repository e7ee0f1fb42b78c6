"""How a reply grows: deltas into messages."""
