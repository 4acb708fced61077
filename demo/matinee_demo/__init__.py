"""Matinee's page: a bundle behind a web page and named endpoints, made with gradio.

`matinee_demo.serve.serve` runs it; `matinee_demo.page.build_page` makes the page alone. Importing this package does not
import gradio, so that a missing extra can be named in one line.
"""
