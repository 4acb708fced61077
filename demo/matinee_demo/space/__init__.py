"""Writing Matinee out as a Hugging Face Space: one folder that can be pushed as it is."""

from matinee_demo.space.folder import LARGEST, REQUIREMENTS, Space, write_space

__all__ = ["LARGEST", "REQUIREMENTS", "Space", "write_space"]
