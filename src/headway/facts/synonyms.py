"""What exports call the canonical columns, in several languages and several CRMs' own spelling.

Words are compared without case, blanks and signs (`Deal - Owner` = `owner`, `Custom__c` = `custom`). Within a
column, earlier words win.
"""

# ruff: noqa: E501
# (word lists and tables read better unwrapped)

from __future__ import annotations

import re

_OWNER = (
    "ownerid owner repid rep salesrep salesrepid salesagent agent agentid hubspotownerid ownername owneremail userid user "
    "assignedto assigneduser assignedtoid assignedtouser salesperson salespersonid accountexecutive besitzer inhaber verantwortlich "
    "verantwortlicher zuständig zuständiger bearbeiter verkäufer vertriebsmitarbeiter mitarbeiter vertriebler proprietaire "
    "propriétaire commercial responsable propietario vendedor comercial asignadoa employee srid"
)
_CREATED = (
    "createdat createddate createdate createdon created addtime datecreated creationdate dealcreated leadcreated erstelltam erstellt erstelldatum "
    "erstellungsdatum angelegtam anlagedatum datedecréation datedecreation crééle fechadecreación fechadecreacion creadoel"
)
_SOURCE = "source leadsource leadsourcecode origin quelle leadquelle herkunft origine origen fuente"
_CURRENCY = "currency currencycode currencyisocode currencyofvalue dealcurrencycode transactioncurrencyid währung waehrung devise moneda"
_ACCOUNT = (
    "accountid companyid customerid organizationid orgid partnerid account accountname company companyname associatedcompany "
    "organization organizationname customer customername kunde kundennummer firma unternehmen client compte cliente cuenta sellerid"
)

HEADERS: dict[str, dict[str, str]] = {
    "opportunities": {
        "opportunity_id": (
            "opportunityid oppid dealid verkaufschanceid verkaufschancennummer chancenid dealno dealnumber opportunitynumber "
            "idopportunité idoportunidad negocioid recordid dealrecordid id nr"
        ),
        "owner_id": f"opportunityowner opportunityownerid dealowner {_OWNER}",
        "account_id": _ACCOUNT,
        "lead_id": "leadid mqlid originatingleadid convertedleadid",
        "created_at": f"{_CREATED} opendate opened engagedate startdate",
        "stage": (
            "stage stagename dealstage salesstage stageid dealpipelinestageid pipelinestageid stagepipeline stepname phase "
            "verkaufsphase verkaufsstufe vertriebsphase etape étape etapa fase"
        ),
        "closed_at": (
            "closedat closeddate actualclosedate actualclosedon actualclosuredate closedon closetime closedate dateclosed wondate wontime "
            "abschlussdatum geschlossenam abschluss datedeclôture datedecloture fechadecierre"
        ),
        "amount": (
            "amount dealamount value dealvalue opportunityamount closevalue estimatedvalue actualvalue totalamount betrag wert "
            "auftragswert auftragssumme volumen summe montant valeur importe monto valor expecteddealvalue expectedrevenue"
        ),
        "currency": _CURRENCY,
        "source": _SOURCE,
        "product": "product productname produkt produit producto productfamily",
        "list_price": "listprice listenpreis prixcatalogue",
        "expected_close_on": (
            "expectedcloseon expectedclosedate expectedclosuredate estimatedclosedate forecastclosedate abschlussgeplant "
            "geplanterabschluss geplantesabschlussdatum voraussichtlicherabschluss erwartetesabschlussdatum datedeadline"
        ),
        "next_step": "nextstep nächsterschritt naechsterschritt prochaineétape próximopaso",
        "lost_reason": "lostreason lossreason closedlostreason lostreasonid verlustgrund raisonperte motivodepérdida",
    },
    "leads": {
        "lead_id": "leadid mqlid interessentid leadnumber leadnummer recordid id nr",
        "owner_id": f"leadowner leadownerid {_OWNER}",
        "created_at": f"{_CREATED} firstcontactdate",
        "source": _SOURCE,
        "score": "score leadscore punkte punktzahl hubspotscore",
        "qualified_at": "qualifiedat qualifieddate converteddate conversiondate dateconversion qualifiziertam konvertiertam",
        "disqualified_at": "disqualifiedat disqualifieddate disqualifiziertam",
        "disqualified_reason": "disqualifiedreason unqualifiedreason disqualificationreason ablehnungsgrund",
        "opportunity_id": "opportunityid convertedopportunityid dealid",
    },
    "activities": {
        "activity_id": "activityid engagementid taskid eventid callid aktivitätid aktivitätsid recordid id nr",
        "person_id": f"personid activityowner {_OWNER} assignee caller",
        "kind": (
            "kind activitytype type tasksubtype eventsubtype engagementtype activitytypecode art aktivitätsart typ tasktype tipo"
        ),
        "occurred_at": (
            "occurredat completeddatetime startdatetime starttime timestamp actualend markedasdonetime activitydatetime "
            "activitydate meetingdate calldate duedate date datum fecha datede startdate"
        ),
        "logged_at": f"loggedat {_CREATED}",
        "outcome": "outcome calldisposition meetingoutcome ergebnis résultat resultado",
        "count": "count anzahl number quantity",
        "lead_id": "leadid",
        "opportunity_id": "opportunityid dealid opportunity whatid regardingobjectid verkaufschance",
        "account_id": "accountid companyid orgid",
    },
    "people": {
        "person_id": (
            "personid repid userid ownerid systemuserid agentid salesrepid salesagent id employeeid employeenumber personalnummer "
            "mitarbeiterid"
        ),
        "name": (
            "name fullname repname displayname salesagent agentname username ownername mitarbeiter mitarbeitername employee employeename "
            "nombre nom rep salesrep"
        ),
        "email": "email emailaddress mail emailadresse internalemailaddress correo courriel",
        "role": "role rolle position jobtitle title stellenbezeichnung",
        "manager_id": "managerid manager supervisor parentsystemuserid vorgesetzter führungskraft teamleiter reportsto managername",
        "team": "team teamname regionaloffice office salesteam abteilung department equipe équipe equipo",
        "segment": "segment marketsegment marktsegment",
        "territory_id": "territoryid territory region gebiet vertriebsgebiet territoire territorio",
        "hired_on": "hiredon hiredate hiringdate startdate joindate joined dateofjoining eintritt eintrittsdatum eintrittam",
        "left_on": "lefton leavedate terminationdate enddate austritt austrittsdatum austrittam",
    },
    "accounts": {
        "account_id": "accountid companyid customerid organizationid partnerid kundennummer account recordid id",
        "name": "accountname companyname customername organizationname name account firma kunde",
        "owner_id": f"accountowner companyowner {_OWNER}",
        "segment": "segment marketsegment marktsegment",
        "started_on": "startedon customersince kundeseit clientdepuis",
        "churned_on": "churnedon churndate churned cancelledon canceledon gekündigtam kündigungsdatum",
        "annual_value": "annualvalue arr acv annualcontractvalue jahreswert",
        "currency": _CURRENCY,
    },
    "stage_changes": {
        "opportunity_id": "opportunityid dealid oppid verkaufschanceid id",
        "stage": "stage stagename tostage newstage newvalue dealstage value phase to",
        "entered_at": "enteredat dateentered changedat changedate changedon logtime stagechangedat fromdate createddate createdat fivetranstart",
    },
    "quotas": {
        "person_id": f"personid quotaownerid goalownerid {_OWNER}",
        "metric": "metric goalname kennzahl",
        "period_start": "periodstart startdate goalstartdate startdatetime von periodestart",
        "period_end": "periodend enddate goalenddate enddatetime bis",
        "target": "target quota quotaamount targetamount targetmoney goalamount ziel zielwert quote",
        "currency": _CURRENCY,
    },
}

# File names that speak of a table.
FILE_WORDS = {
    "stage_changes": r"stage_?change|stage_?history|deal_?stage_?data|opportunity_?history|status_?change|phasenverlauf|field_?history",
    "activities": r"activit|task|event|call|meeting|email|engagement|aktivit|anruf|termin|t[äa]tigkeit|appointment",
    "opportunities": r"opportunit|deal|pipeline|verkaufschance|chancen|oportunidad|negocio|opportunit[ée]",
    "leads": r"lead|mql|interessent|prospect",
    "quotas": r"quota|goal|target|ziel",
    "people": r"people|rep|user|owner|team|employee|agent|mitarbeiter|vendedor|person|vertriebler|staff|seller",
    "accounts": r"account|customer|compan|organi[sz]ation|kunde|firm|client",
}

_PREFIX = re.compile(r"^(property_|properties_|hs_|property_hs_)+", re.I)
_ENTITY = re.compile(r"^(deal|opportunity|activity|lead|person|organization|contact|task) - ", re.I)
_CUSTOM = re.compile(r"(__c|_c)$", re.I)
_UNIT = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


def plain_header(header: str) -> str:
    """A header as it is compared: entity, prefix, unit and signs removed."""
    text = _PREFIX.sub("", header.strip())
    text = _ENTITY.sub("", text)
    text = _CUSTOM.sub("", text)
    if not text.lower().endswith("(pipeline)"):
        text = _UNIT.sub("", text) or text
    return "".join(c for c in text.lower() if c.isalnum())


def words_for(table: str, column: str) -> list[str]:
    """The words a column is known by, best first; its own name comes before all."""
    own = column.replace("_", "")
    known = HEADERS.get(table, {}).get(column, "")
    return [own, *(w for w in known.split() if w != own)]
