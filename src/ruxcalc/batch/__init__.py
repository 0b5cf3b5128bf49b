"""Lists: each row of a file becomes a patient, each patient an answer."""
