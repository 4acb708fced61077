"""Matinee's page: a bundle served as a web page and named endpoints, made with gradio.

`matinee_demo.serve.served` serves it; `matinee_demo.page.build_page` makes the page alone. Importing this package does
not import gradio, so that a missing extra is reported in one line.
"""
