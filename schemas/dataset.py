"""What the dataset as a whole is called and may be used for; every description of a release says the same."""

from typing import Final

NAME: Final = "openpeel"
TITLE: Final = "Open PEEL"
SUBTITLE: Final = "PEEL inspection grades, statements and metrics of the police forces of England and Wales"
DESCRIPTION: Final = (
    "HMICFRS inspects the police forces of England and Wales (the PEEL programme). Its grades come out as web graphics "
    "and PDFs; articles repeat them in part, with quotations and figures of their own. Open PEEL turns what articles "
    "say into tables, every row traceable to the words it rests on. Only what articles state, or what follows from "
    "their counts, is here: the table coverage says how complete that is."
)
WARNINGS: Final = (
    "Grades belong to a scale and a cycle of inspections. HMICFRS says that those of 2021/22 do not compare with "
    "those of 2018/19, nor those of 2023-25 with those of 2021/22.",
    "A grade's rank is an order, never to be averaged.",
    "A missing row is a grade that we do not hold, not one that was not given: who counts grades counts what we hold.",
)
"""What a reader must know before comparing or counting anything: about cycles, about ranks, about what is missing."""
KEYWORDS: Final = ("police", "inspection", "PEEL", "HMICFRS", "grades", "England and Wales", "open data")
LICENCE: Final = "CC-BY-4.0"
LICENCE_TITLE: Final = "Creative Commons Attribution 4.0 International"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION: Final = (
    "Open PEEL, CC BY 4.0. Contains public sector information licensed under the Open Government Licence v3.0."
)
OGL_URL: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
INSPECTORATE_URL: Final = "https://hmicfrs.justiceinspectorates.gov.uk/"
"""Where the inspectorate, whose judgements the data are about, publishes."""
CREATOR: Final = "Open PEEL"
PLACE: Final = "England and Wales"
LANGUAGE: Final = "en-GB"
