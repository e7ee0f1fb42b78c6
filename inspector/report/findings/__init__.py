"""What ``inspector check`` prints: findings gathered from an index, in the formats that people and services read."""
