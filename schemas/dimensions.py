"""The tables that the others refer to: articles, inspections, areas, scales, forces, people, organisations …"""

from schemas import shared, vocabulary
from schemas.columns import Date, Table, Text, Whole, column


class Articles(Table):
    """One row per article: where facts were read. The texts themselves are not published."""

    article_id: Text = column("id", "Article id", "Force, date and publisher, joined.", key=True)
    url: Text = column("url", "Address", "Address of the article.", unique=True)
    title: Text = column("text", "Title", "The headline, where known.", nullable=True)
    publisher_id: Text = column("code", "Publisher id", "Who published it.", references="organisations.organisation_id")
    publisher: Text = column("text", "Publisher", "Name of the publisher.")
    published_on: Date = column("date", "Published on", "Day of the article, where it is known.", nullable=True)
    published_from: Date = column(
        "date", "Published from", "Earliest day that is possible, as far as is known.", nullable=True
    )
    published_to: Date = column(
        "date", "Published to", "Latest day that is possible, as far as is known.", nullable=True
    )
    date_basis: Text = column("code", "Basis of the date", "How the date is known.", values=vocabulary.DATE_BASES)
    language: Text = column("text", "Language", "Language of the article, as a code such as en or cy.")
    updated_on: Date = column("date", "Updated on", "Date of its latest update, where printed.", nullable=True)
    licence: Text = column("text", "Licence", "Terms of the article itself, not of these data.")
    licence_url: Text = column("url", "Address of the licence", "Where the terms can be read.", nullable=True)
    origin_id: Text = column(
        "id", "Origin id", "The text that the article as a whole is copied from (see `origins`).", nullable=True
    )
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "articles"
        title = "Articles"


class Inspections(Table):
    """One row per inspection of a force."""

    inspection_id: Text = column(
        "id", "Inspection id", "Short name of the inspection, usually force and cycle.", key=True
    )
    programme: Text = column("code", "Programme", "The programme of inspections.")
    force_id: Text = shared.force_id(nullable=True)
    force: Text = shared.force(nullable=True)
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    scale_id: Text = shared.scale_id()
    published_on: Date = column("date", "Published on", "Date of the report.", nullable=True)
    graded_total: Whole = column(
        "whole", "Graded areas", "How many areas were graded; empty where not known.", nullable=True, ge=1, unit="areas"
    )
    graded_areas: Text = column(
        "text",
        "List of graded areas",
        "Codes (`area_code`) of the graded areas, separated by semicolons, where known.",
        nullable=True,
    )
    url: Text = column("url", "Address", "Address of the report.", nullable=True)
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "inspections"
        title = "Inspections"


class Cycles(Table):
    """One row per round of inspections."""

    cycle_id: Text = column("id", "Cycle id", "Programme and years, joined.", key=True)
    cycle: Text = column("text", "Cycle", "Name of the round.")
    programme: Text = column("code", "Programme", "The programme of inspections.")
    scale_id: Text = shared.scale_id()
    first_year: Whole = column("whole", "First year", "Year in which it began.", nullable=True, unit="year")
    aliases: Text = column(
        "text", "Aliases", "Other names seen, separated by semicolons.", nullable=True, role="record"
    )
    comparable_with: Text = column(
        "text",
        "Comparable with",
        "Ids of cycles whose grades may be compared with these, separated by semicolons.",
        nullable=True,
    )
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "cycles"
        title = "Cycles"


class Areas(Table):
    """One row per area of policing of a cycle. The same name in two cycles need not mean the same."""

    area_id: Text = column("id", "Area id", "Cycle and code, joined.", key=True)
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    area_code: Text = column("code", "Area code", "Short code of the area within its cycle.")
    area: Text = shared.area()
    level: Text = shared.level()
    graded: Text = column("code", "Graded", "Whether the cycle grades the area.", values=vocabulary.GRADED)
    aliases: Text = column(
        "text", "Aliases", "Other wordings seen, separated by semicolons.", nullable=True, role="record"
    )
    source: Text = column("text", "Source", "Where the wording was seen.", nullable=True, role="record")
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "areas"
        title = "Areas"


class Scales(Table):
    """One row per grade of a scale."""

    scale_id: Text = column("id", "Scale id", "The scale.", key=True, unique=False)
    grade: Text = column("code", "Grade", "The grade.", key=True, unique=False)
    grade_label: Text = shared.grade_label()
    grade_rank: Whole = column("whole", "Rank of the grade", "1 is the best of its own scale.", ge=1)

    class Config:
        """Names of the table; scale and grade together are the key."""

        name = "scales"
        title = "Scales"
        unique = ["scale_id", "grade"]  # noqa: RUF012  (pandera's own form)


class Forces(Table):
    """One row per inspected force: the territorial police forces of England and Wales, and others where inspected."""

    force_id: Text = column("code", "Force id", "Short name of the force.", key=True)
    force: Text = column("text", "Force", "Name of the police force.")
    kind: Text = column("code", "Kind", "What sort of force it is.", values=vocabulary.FORCE_KINDS)
    gss_code: Text = column("text", "GSS code", "Code of the police force area at the ONS.", nullable=True)
    ons_name: Text = column("text", "ONS name", "Name of the police force area at the ONS.", nullable=True)
    country: Text = column("text", "Country", "The country or countries that it serves.")
    wikidata_id: Text = column("text", "Wikidata id", "Item at Wikidata, where known.", nullable=True)
    aliases: Text = column(
        "text", "Aliases", "Other names seen, separated by semicolons.", nullable=True, role="record"
    )
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "forces"
        title = "Forces"


class People(Table):
    """One row per person who speaks; what they were at which date is in `roles`."""

    person_id: Text = column("id", "Person id", "The name as an id.", key=True)
    person: Text = column("text", "Person", "The name.")
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "people"
        title = "People"


class Roles(Table):
    """One row per person and role."""

    role_id: Text = column("id", "Role id", "Person, organisation, role and first day, joined.", key=True)
    person_id: Text = column("id", "Person id", "The person.", references="people.person_id")
    role: Text = column("text", "Role", "The role as its holder is introduced.")
    organisation_id: Text = column(
        "code", "Organisation id", "The organisation.", references="organisations.organisation_id"
    )
    from_date: Date = column("date", "From", "First day; empty where not known.", nullable=True)
    to_date: Date = column("date", "To", "Last day; empty where not known or not over.", nullable=True)
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "roles"
        title = "Roles"


class Organisations(Table):
    """One row per organisation that speaks, publishes or claims a figure; the forces are among them."""

    organisation_id: Text = column("code", "Organisation id", "Short name of the organisation.", key=True)
    organisation: Text = column("text", "Organisation", "Its name.")
    kind: Text = column("code", "Kind", "What it is.", values=vocabulary.ORGANISATION_KINDS)
    url: Text = column("url", "Address", "Its own address, where known.", nullable=True)
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "organisations"
        title = "Organisations"


class Measures(Table):
    """One row per measure."""

    measure_id: Text = column("code", "Measure id", "Short name of the measure.", key=True)
    measure: Text = column("text", "Measure", "Its name.")
    unit: Text = shared.unit("Unit", "The unit in which it is given unless a row says otherwise.")
    polarity: Text = column("code", "Polarity", "Which direction is better.", values=vocabulary.POLARITIES)
    description: Text = column("text", "Description", "What exactly is measured.", role="record")

    class Config:
        """Names of the table."""

        name = "measures"
        title = "Measures"


class Units(Table):
    """One row per unit of measurement."""

    unit_id: Text = column("code", "Unit id", "Short name of the unit.", key=True)
    unit_name: Text = column("text", "Unit in words", "Its name.")
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "units"
        title = "Units"


class Subjects(Table):
    """One row per subject of a metric that is not one force; forces are subjects under their own ids."""

    subject_id: Text = column("code", "Subject id", "Short name of the subject.", key=True)
    subject: Text = column("text", "Subject", "Its name.")
    subject_kind: Text = column("code", "Kind of subject", "What it is.", values=vocabulary.SUBJECT_KINDS)
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "subjects"
        title = "Subjects"


class Origins(Table):
    """One row per text that articles are copied from, such as a press release; not itself one of the articles."""

    origin_id: Text = column("id", "Origin id", "Short name of the text.", key=True)
    title: Text = column("text", "Title", "Its headline.", nullable=True)
    organisation_id: Text = column(
        "code", "Organisation id", "Who issued it.", references="organisations.organisation_id", nullable=True
    )
    published_on: Date = column("date", "Published on", "Date of the text.", nullable=True)
    url: Text = column("url", "Address", "Where it can be read, if known.", nullable=True)
    note: Text = shared.note()

    class Config:
        """Names of the table."""

        name = "origins"
        title = "Origins"
