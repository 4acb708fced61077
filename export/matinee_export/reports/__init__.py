"""Reports as lists of blocks, written as Markdown and as one HTML page; all reports of Matinee are made with it."""

from matinee_export.reports.blocks import Block, Bullets, Heading, Picture, Plot, Table, Text
from matinee_export.reports.document import Document
from matinee_export.reports.inline import plain

__all__ = [
    "Block",
    "Bullets",
    "Document",
    "Heading",
    "Picture",
    "Plot",
    "Table",
    "Text",
    "plain",
]
