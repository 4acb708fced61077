"""The bundle: catalogue, indexes, maps, report and thumbnails, packed into one folder and checked."""
