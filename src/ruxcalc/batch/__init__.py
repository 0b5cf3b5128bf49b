"""The door for lists: each row of a file becomes a patient, each patient an answer."""
