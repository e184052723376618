"""The queue server: keeps the hall's queue, drives displays and voice, serves pages. Start reading at README.md."""
