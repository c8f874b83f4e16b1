"""Words for the same code: kinds of activity, results, roles, stages, currencies."""

# ruff: noqa: E501
# (word lists and tables read better unwrapped)

from __future__ import annotations

from headway.facts.numbers_in_text import CODES, CURRENCY_SIGNS
from headway.facts.tables import Column, Kind

# Canonical code -> other words for it (lower case, signs and blanks removed).
KINDS = {
    "call": "calls phonecall phone telefonat anruf telefonanruf appel llamada outboundcall inboundcall coldcall loggedcall",
    "email": "emails mail mails incomingemail forwardedemail listemail correo courriel outreachemail loggedemail",
    "social": "linkedin linkedinmessage sms whatsapp whatsappmessage socialmedia inmail linkedinmsg wechat",
    "meeting": "meetings appointment event termin besprechung rendezvous reunion lunch visit onsite besuch videocall rdv",
    "demo": "demos demonstration presentation productdemo vorführung démo praesentation präsentation",
    "other": "task todo note notes aufgabe tache tarea deadline other fax letter",
}
OUTCOMES = {
    "won": "closedwon closewon gewonnen gagne gagné gagnée ganada ganado win success abgeschlossengewonnen erfolgreich",
    "lost": (
        "closedlost closelost verloren perdu perdue perdida perdido loss abandoned abgeschlossenverloren canceled "
        "cancelled disqualified"
    ),
    "open": "offen ouvert ouverte abierta abierto inprogress active pending new ongoing",
}
ROLES = {
    "rep": "salesrep salesrepresentative ae accountexecutive sdr bdr seller vertriebler verkäufer agent user person",
    "manager": "salesmanager teamlead teamleader vertriebsleiter teamleiter lead headofsales regionalmanager areamanager",
    "leader": "director vp vpsales salesdirector cro vicepresident vertriebsdirektor",
    "hr": "hrpartner humanresources people",
    "revops": "salesops operations revenueoperations salesoperations",
}
FROM_ROLES = {"customer": "client kunde buyer", "peer": "colleague kollege", "manager": "boss lead", "self": "own rep"}

# Ladder stage -> what companies call it. Won and lost come first; see `OUTCOMES`.
STAGES = {
    "lead": (
        "lead new neu prospect prospecting prospection prospekt interessent suspect incoming open inquiry anfrage piste "
        "appointmentscheduled none identified contact contactmade contacted kontakt kontaktaufnahme erstkontakt first"
    ),
    "qualified": (
        "qualified qualification qualifiziert qualifizierung engaging engaged discovery needsanalysis bedarfsanalyse "
        "qualifiedtobuy qualifie qualifié qualifiée calificado calificada demo demoscheduled presentationscheduled sql opportunity "
        "valueproposition iddecisionmakers perceptionanalysis evaluation analysis qualify develop entdeckung presentation meeting needsdefined"
    ),
    "proposal": (
        "proposal proposalpricequote quote quotation angebot angebotsphase propose proposition devis propuesta offer negotiation "
        "negotiationreview verhandlung negociation négociation negociacion negociación contractsent contract vertrag "
        "decisionmakerboughtin verbal proposalmade negotiationsstarted negotiationstarted commit closing poc trial proposalsent angeboterstellt proposalquotation readytoclose"
    ),
    "won": "won " + OUTCOMES["won"],
    "lost": "lost " + OUTCOMES["lost"],
}


def plain(text: str) -> str:
    """Lower case without blanks and signs: `Closed-Won` -> `closedwon`."""
    return "".join(c for c in text.lower() if c.isalnum())


def _inverse(words: dict[str, str]) -> dict[str, str]:
    made = {plain(code): code for code in words}
    for code, others in words.items():
        for other in others.split():
            made.setdefault(plain(other), code)
    return made


STAGE_OF = _inverse(STAGES)
_BY_COLUMN = {
    ("activities", "kind"): _inverse(KINDS),
    ("opportunities", "outcome"): _inverse(OUTCOMES),
    ("people", "role"): _inverse(ROLES),
    ("feedback", "from_role"): _inverse(FROM_ROLES),
}
# Codes that are never wrong, only unheard of: the rest is this.
ELSE = {("activities", "kind"): "other", ("people", "role"): "rep"}


def _map_literal(pairs: dict[str, str]) -> str:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    keys = ", ".join(quoted(k) for k in pairs)
    values = ", ".join(quoted(v) for v in pairs.values())
    return f"MAP([{keys}], [{values}])"


def _plain_sql(text: str) -> str:
    return f"regexp_replace(lower({text}), '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def code_sql(table: str, column: Column | None, text: str, stages: dict[str, str]) -> str:
    """A DuckDB expression: the canonical code of a cell, NULL where it is none.

    Args:
        table: the canonical table.
        column: its column.
        text: SQL of the cell.
        stages: the company's stage names (lower case) and the ladder's for them.
    """
    if column is None:
        return text
    if column.kind is Kind.CURRENCY:
        signs = {**CURRENCY_SIGNS, **{c: c for c in CODES}}
        usual = ", ".join(f"'{c}'" for c in CODES)
        return f"CASE WHEN {text} IN ({usual}) THEN {text} WHEN regexp_matches(upper({text}), '^[A-Z]{{3}}$') THEN upper({text}) ELSE {_map_literal(signs)}[{text}] END"
    if column.name == "stage":
        named = {k: v for k, v in stages.items() if v}
        mapped = f"coalesce({_map_literal(named)}[lower({text})], {text})"
        same = ", ".join("'" + k.replace("'", "''") + "'" for k, v in named.items() if k == v)
        return (f"CASE WHEN {text} IN ({same}) THEN {text} ELSE {mapped} END" if same else mapped) if named else text
    codes = _BY_COLUMN.get((table, column.name))
    if codes:
        found = f"{_map_literal(codes)}[{_plain_sql(text)}]"
        other = ELSE.get((table, column.name))
        usual = ", ".join(f"'{c}'" for c in column.choices)
        if usual:
            found = f"CASE WHEN {text} IN ({usual}) THEN {text} ELSE {found} END"
        return f"CASE WHEN {text} IS NULL THEN NULL ELSE coalesce({found}, '{other}') END" if other else found
    if column.choices:
        listed = ", ".join(f"'{c}'" for c in column.choices)
        return f"CASE WHEN lower({text}) IN ({listed}) THEN lower({text}) END"
    return f"lower({text})" if column.kind is Kind.CODE else text
