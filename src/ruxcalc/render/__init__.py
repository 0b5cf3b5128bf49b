"""The renderers: one small module for each format, all taking the same answers."""
