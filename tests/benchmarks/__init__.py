"""`make bench`: Matinee beside what people would use instead, in one run. Nothing here is collected by pytest."""
