"""A report is written as Markdown, as one HTML page and as a folder; whatever stands in it, it stays what it is."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BuildError
from matinee_export.reports import Bullets, Document, Heading, Picture, Plot, Table, Text, plain

SVG = '<svg viewBox="0 0 1 1"><defs><path id="m1"/></defs><use xlink:href="#m1"/></svg>\n'
VOID = {"meta", "img", "br"}


class _Page(HTMLParser):
    """Reads a page as a browser would: its words, its elements and their ids; fails where elements do not close."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._open.remove(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words += data


def test_every_block_has_its_markdown() -> None:
    document = Document(
        "Three films",
        (
            Heading(2, "Figures"),
            Text("Said **loudly**, as `code`, with [a link](https://example.org/x)."),
            Bullets(["one", "two"]),
            Table(["model", "MAP"], [["bpr", "0.1"], ["a|b", "0.2"]], "On test rows."),
            Plot("bars", SVG, "Two bars: 1 and 2."),
            Picture("sheet", b"\xff\xd8", "Three posters."),
        ),
    )
    assert document.markdown() == (
        "# Three films\n\n## Figures\n\nSaid **loudly**, as `code`, with [a link](https://example.org/x).\n\n"
        "- one\n- two\n\n| model | MAP |\n| --- | ---: |\n| bpr | 0.1 |\n| a\\|b | 0.2 |\n\nOn test rows.\n\n"
        "![Two bars: 1 and 2.](plots/bars.svg)\n\n![Three posters.](plots/sheet.jpg)\n"
    )


def test_the_page_holds_everything_and_asks_for_nothing() -> None:
    page = Document("Three films", (Plot("bars", SVG, "Two bars."), Picture("sheet", b"\xff\xd8", "Posters."))).html()
    assert "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8").decode() in page
    assert "<svg " in page
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page


def test_a_page_lists_its_contents_and_every_link_leads_somewhere() -> None:
    blocks = (Heading(2, "Ratings"), Heading(3, "Ratings"), Heading(4, "Ratings"), Heading(2, "¿?"), Heading(2, "¿?"))
    page = _Page(Document("Films", blocks).html())
    assert [link.removeprefix("#") for link in page.links] == ["ratings", "ratings-2", "section", "section-2"]
    assert page.ids == ["ratings", "ratings-2", "ratings-3", "section", "section-2"]


def test_a_single_heading_makes_no_contents() -> None:
    assert "nav" not in _Page(Document("Films", (Heading(2, "Ratings"),)).html()).tags


def test_drawings_on_one_page_keep_their_parts_apart() -> None:
    page = Document("Films", (Plot("one", SVG, "One."), Plot("two", SVG, "Two."), Heading(2, "One"))).html()
    ids = _Page(page).ids
    assert len(ids) == len(set(ids))
    assert page.count('xlink:href="#one-m1"') == page.count('xlink:href="#two-m1"') == 1


NASTY = "<script>alert(1)</script> & <b>bold</b>"


def test_markup_in_a_title_a_cell_or_an_alt_text_is_shown_not_obeyed() -> None:
    blocks = (
        Heading(2, NASTY),
        Text(NASTY),
        Bullets([NASTY]),
        Table([NASTY, NASTY], [[NASTY, NASTY]], NASTY),
        Plot("bars", SVG, NASTY),
        Picture("sheet", b"\xff", f'"{NASTY}'),
    )
    document = Document(NASTY, blocks)
    page = _Page(document.html())
    assert page.words.count(NASTY) == 12  # the title twice, the table five times, the five others
    assert not {"script", "b"} & {*page.tags}
    assert "<script" not in document.markdown().replace("\\<script", "")


def test_a_link_to_a_script_is_no_link() -> None:
    page = _Page(Document("Films", (Text('[x](javascript:alert(1)) [y](https://a.b/"onclick="x)'),)).html())
    assert page.links == []


def test_a_name_full_of_marks_is_shown_as_it_is() -> None:
    name = "*Batteries* not `included` [1](https://example.org) **\\**"
    document = Document(name, (Text(plain(name)), Table(["", "x"], [[plain(name), "1"]])))
    page = _Page(document.html())
    assert page.words.count(name) == 4
    assert not {"strong", "code", "a"} & {*page.tags}
    assert document.markdown().splitlines()[0] == (
        "# \\*Batteries\\* not \\`included\\` [1\\](https://example.org) \\*\\*\\\\\\*\\*"
    )


@pytest.mark.parametrize("text", ["# three", "- three", "1. three", "> three", "---", "+ 3"])
def test_a_paragraph_that_begins_like_something_else_stays_a_paragraph(text: str) -> None:
    assert Document("Films", (Text(text),)).markdown().splitlines()[2].startswith(("\\", "1\\"))


@given(st.text())
def test_any_text_reaches_the_reader_as_it_was(text: str) -> None:
    shown = " ".join(_Page(Document("Films", (Text(plain(text)),)).html()).words.split())
    printable = re.sub(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]", "", text)
    assert shown == " ".join(["Films", "Films", *printable.split()])


@given(st.text())
def test_any_text_is_one_line_of_markdown_without_tags(text: str) -> None:
    lines = Document("Films", (Text(text),)).markdown().split("\n")
    assert len(lines) == 4
    code_removed = re.sub(r"`[^`]+`", "", lines[2])
    assert not re.search(r"(?<!\\)<", code_removed.replace("\\\\", ""))


def test_a_row_of_another_length_than_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="a row has 1 cells, the header 2"):
        Table(["a", "b"], [["x"]])


@pytest.mark.parametrize("name", ["", "../up", "Two", "a b", "a--b", "-a", "a.svg"])
def test_a_plot_whose_name_is_no_plain_file_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="the name of a plot"):
        Plot(name, SVG, "")


def test_two_plots_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="several plots are named bars"):
        Document("Films", (Plot("bars", SVG, "One."), Picture("bars", b"", "Two.")))


def test_a_heading_of_an_impossible_level_is_refused() -> None:
    with pytest.raises(ValueError, match="level is 2, 3 or 4, got 1"):
        Heading(1, "Title")


def test_a_saved_report_is_the_same_bytes_every_time_and_replaces_an_older_one(tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        return {str(f.relative_to(tmp_path)): f.read_bytes() for f in tmp_path.rglob("*") if f.is_file()}

    document = Document("Films", (Text("One."), Plot("bars", SVG, "Bars."), Picture("sheet", b"\xff\xd8", "Posters.")))
    Document("Old", ()).save(tmp_path / "new" / "folder")
    document.save(tmp_path / "new" / "folder")
    once = files()
    document.save(tmp_path / "new" / "folder")
    assert files() == once
    assert {Path(name).name for name in once} == {".matinee", "REPORT.md", "report.html", "bars.svg", "sheet.jpg"}
    assert once[str(Path("new/folder/plots/bars.svg"))] == SVG.encode()
    assert once[str(Path("new/folder/plots/sheet.jpg"))] == b"\xff\xd8"
    assert once[str(Path("new/folder/REPORT.md"))] == document.markdown().encode()


def test_a_folder_that_cannot_be_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(BuildError, match=r"taken is a file where a folder is to be written; name another --out$"):
        Document("Films", ()).save(tmp_path / "taken")


def test_a_report_never_replaces_what_a_person_has_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("my own")
    with pytest.raises(BuildError, match=r"is left alone: it holds 'report\.html' but no \.matinee"):
        Document("Films", ()).save(tmp_path)
    assert (tmp_path / "report.html").read_text() == "my own"
