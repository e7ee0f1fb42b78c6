"""Bytes wherever they lie: served directories, files, archives, and exports of ours."""
