"""The kinds of source there are, and what each needs to know. Nothing here reads anything."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from headway.core.errors import BadInput

Words = str | Promise


@dataclass(frozen=True)
class Setting:
    """One thing a person says about a source.

    Args:
        name: its key, and its option on the command line.
        words: its label.
        hint: what to write, in one sentence.
        required: the source cannot be read without it.
        secret: a token or password; never kept in clear, never shown again.
        default: taken where nothing is said.
        many_lines: the value may have several lines.
    """

    name: str
    words: Words
    hint: Words = ""
    required: bool = False
    secret: bool = False
    default: str = ""
    many_lines: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of source.

    Args:
        name: its key ("salesforce").
        words: its name for people.
        module: what reads it, below `headway.facts.connectors.kinds`.
        how_to: its page in the documentation.
        settings: what it needs to know.
        tried: what it was tried against, for people.
    """

    name: str
    words: Words
    module: str
    how_to: str
    settings: tuple[Setting, ...]
    tried: Words

    def setting(self, name: str) -> Setting | None:
        """The setting of that name, or None."""
        return next((s for s in self.all_settings if s.name == name), None)

    @property
    def all_settings(self) -> tuple[Setting, ...]:
        """Its own settings and those every source has."""
        return (*self.settings, *COMMON)


_ADDRESS = gettext_lazy("Address")
_USER = gettext_lazy("User")
_PASSWORD = gettext_lazy("Password")
_TOKEN = gettext_lazy("Token")

COMMON: tuple[Setting, ...] = (
    Setting(
        "stages",
        gettext_lazy("Stages"),
        gettext_lazy("One a line, CRM stage = stage of your ladder. Usual names are understood without it."),
        many_lines=True,
    ),
    Setting(
        "currency",
        gettext_lazy("Currency"),
        gettext_lazy("For amounts that come without one, three letters; the company’s currency if empty."),
    ),
    Setting(
        "since",
        gettext_lazy("Read from"),
        gettext_lazy("Year-month-day. Records last changed before it are not read the first time; empty = all."),
    ),
    Setting(
        "prefix",
        gettext_lazy("Prefix of ids"),
        gettext_lazy("Put before every id, so that two sources with the same numbers stay apart."),
    ),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "salesforce",
        "Salesforce",
        "salesforce",
        "connect-salesforce",
        (
            Setting(
                "address",
                _ADDRESS,
                gettext_lazy("Your My Domain, such as https://acme.my.salesforce.com"),
                required=True,
            ),
            Setting("client", gettext_lazy("Client id"), gettext_lazy("Consumer key of the connected app.")),
            Setting(
                "client_secret",
                gettext_lazy("Client secret"),
                gettext_lazy("Consumer secret of the connected app."),
                secret=True,
            ),
            Setting(
                "refresh",
                gettext_lazy("Refresh token"),
                gettext_lazy("Where the app does not use the client credentials flow."),
                secret=True,
            ),
            Setting("secret", _TOKEN, gettext_lazy("An access token by itself, for trying it out."), secret=True),
            Setting("version", gettext_lazy("API version"), default="60.0"),
        ),
        gettext_lazy(
            "Tried against a stand-in made from Salesforce’s published descriptions, "
            "which the Python client simple-salesforce reads too."
        ),
    ),
    Kind(
        "hubspot",
        "HubSpot",
        "hubspot",
        "connect-hubspot",
        (
            Setting("secret", _TOKEN, gettext_lazy("Access token of a private app."), secret=True),
            Setting(
                "refresh", gettext_lazy("Refresh token"), gettext_lazy("Of an app with OAuth, instead."), secret=True
            ),
            Setting("client", gettext_lazy("Client id"), gettext_lazy("With a refresh token.")),
            Setting("client_secret", gettext_lazy("Client secret"), gettext_lazy("With a refresh token."), secret=True),
            Setting("address", _ADDRESS, default="https://api.hubapi.com"),
        ),
        gettext_lazy(
            "Tried against a stand-in made from HubSpot’s published descriptions, which HubSpot’s own client reads too."
        ),
    ),
    Kind(
        "pipedrive",
        "Pipedrive",
        "pipedrive",
        "connect-pipedrive",
        (
            Setting("address", _ADDRESS, gettext_lazy("Such as https://acme.pipedrive.com"), required=True),
            Setting("secret", gettext_lazy("API token"), required=True, secret=True),
        ),
        gettext_lazy("Tried against a stand-in made from Pipedrive’s published descriptions only."),
    ),
    Kind(
        "odoo",
        "Odoo",
        "odoo",
        "connect-odoo",
        (
            Setting("address", _ADDRESS, gettext_lazy("Such as https://acme.odoo.com"), required=True),
            Setting("database", gettext_lazy("Database"), gettext_lazy("Such as acme"), required=True),
            Setting("user", _USER, gettext_lazy("The login, mostly an e-mail address."), required=True),
            Setting("secret", gettext_lazy("API key or password"), required=True, secret=True),
        ),
        gettext_lazy("Tried against a stand-in made from Odoo’s published descriptions only."),
    ),
    Kind(
        "tryton",
        "Tryton",
        "tryton",
        "connect-tryton",
        (
            Setting("address", _ADDRESS, gettext_lazy("Such as https://tryton.example.com"), required=True),
            Setting("database", gettext_lazy("Database"), gettext_lazy("Such as crm"), required=True),
            Setting("user", _USER, required=True),
            Setting("secret", _PASSWORD, required=True, secret=True),
        ),
        gettext_lazy("Tried against a real Tryton 8 server."),
    ),
    Kind(
        "sql",
        gettext_lazy("SQL database"),
        "databases",
        "connect-sql",
        (
            Setting(
                "address",
                _ADDRESS,
                gettext_lazy("Such as postgresql://db.example.com:5432/crm, without user and password."),
                required=True,
            ),
            Setting("user", _USER),
            Setting("secret", _PASSWORD, secret=True),
            Setting("schema", gettext_lazy("Schema"), gettext_lazy("Where the tables lie; the user’s own if empty.")),
            Setting("table_prefix", gettext_lazy("Prefix of tables"), gettext_lazy("Such as headway_")),
            Setting(
                "changed",
                gettext_lazy("Column of the last change"),
                gettext_lazy("Such as updated_at. With it, only changed rows are read."),
            ),
        ),
        gettext_lazy("Tried against PostgreSQL and SQLite."),
    ),
    Kind(
        "files",
        gettext_lazy("Folder or object store"),
        "files",
        "connect-files",
        (
            Setting(
                "address", _ADDRESS, gettext_lazy("A folder of this machine, or s3://bucket/folder"), required=True
            ),
            Setting("glob", gettext_lazy("Which files"), gettext_lazy("A pattern, such as *.csv"), default="*"),
            Setting("user", gettext_lazy("Access key id"), gettext_lazy("For s3.")),
            Setting("secret", gettext_lazy("Secret access key"), gettext_lazy("For s3."), secret=True),
            Setting("region", gettext_lazy("Region"), gettext_lazy("For s3.")),
            Setting("endpoint", gettext_lazy("Endpoint"), gettext_lazy("For stores that speak S3 elsewhere.")),
        ),
        gettext_lazy("Tried against a local folder and a stand-in that speaks S3."),
    ),
)


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        BadInput: there is none.
    """
    found = next((k for k in KINDS if k.name == name), None)
    if found is None:
        raise BadInput(
            _("There is no such kind of source"),
            value=name,
            todo=_("Kinds are: %s.") % ", ".join(k.name for k in KINDS),
        )
    return found
