"""Files one can read in a sitting."""

from statistics import median

from tests.tidy.reading import nowhere, python_files

LONG: dict[str, str] = {}
"""Files over 300 lines, each with the reason why it is still one thing."""


def test_no_file_is_long():
    nowhere(
        [
            f"{file.name}: {file.text.count(chr(10))} lines"
            for file in python_files()
            if file.text.count("\n") > 300 and file.name not in LONG
        ],
        because="A file over 300 lines is two things.",
        instead="part it along its nouns, or say in LONG why it is one thing.",
    )


def test_most_files_are_short():
    middle = median(file.text.count("\n") for file in python_files())
    assert middle < 80, f"the median file has {middle} lines; those that feel good to read stay under 80"


def test_no_exception_outlives_its_file():
    names = {file.name for file in python_files()}
    assert not set(LONG) - names, "these left; take them off the list"
