"""The papers of a plan that somebody may have, with their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.core.actors import SYSTEM, Actor
from headway.core.errors import NotFound, StorageTrouble
from headway.core.permissions import can
from headway.documents.letter import Format, Letter
from headway.documents.render import render
from headway.plans.keeping import draft_of
from headway.plans.models import Amendment, FrozenPaper, PaperKind, Plan, PlanVersion, VersionKind
from headway.plans.papers import folder
from headway.plans.papers.amendment import amendment_letter
from headway.plans.papers.freezing import Due, bytes_of, letter_for
from headway.plans.papers.guide import guide_letter
from headway.plans.states import FLOWS, PlanKind

HANDED_OVER = (VersionKind.PRESENTED, VersionKind.SIGNED, VersionKind.MOVED)
FORMATS = (Format.PDF, Format.DOCX, Format.MARKDOWN)


@dataclass(frozen=True)
class Paper:
    """One paper: its name in the address, its title, and the frozen file where there is one."""

    name: str
    title: str
    state: str
    letter: Callable[[], Letter]
    frozen: FrozenPaper | None = None
    version: PlanVersion | None = None


def papers_of(plan: Plan) -> list[Paper]:
    """Every paper of a plan that was handed over or signed, the newest first. Whoever sees the plan sees them."""
    versions = plan.versions.filter(kind__in=HANDED_OVER).prefetch_related("papers", "signatures")
    found: list[Paper] = []
    for version in versions:
        found += [paper_of_version(version, kind) for kind in _kinds(plan)]
    found += [_of_amendment(row) for row in plan.amendments.select_related("version", "plan__person")]
    return found[::-1]


def _kinds(plan: Plan) -> list[PaperKind]:
    warned = FLOWS[PlanKind(plan.kind)].warning
    return [PaperKind.PLAN, *([PaperKind.WARNING] if warned else [])]


def paper_of_version(version: PlanVersion, kind: PaperKind) -> Paper:
    """A version as a paper of a kind."""
    frozen = [paper for paper in version.papers.all() if paper.kind == kind]
    title = _("Written warning") if kind == PaperKind.WARNING else version.plan.name
    return Paper(
        name=f"{kind}-v{version.number}",
        title=_("%(title)s, version %(number)s") % {"title": title, "number": version.number},
        state=version.get_kind_display(),
        letter=lambda: letter_for(version, kind),
        frozen=max(frozen, key=lambda paper: paper.signatures, default=None),
        version=version,
    )


def _of_amendment(row: Amendment) -> Paper:
    return Paper(
        name=f"amendment-{row.pk}",
        title=_("Change proposed as version %s") % row.version.number,
        state=row.get_state_display(),
        letter=lambda: amendment_letter(row),
    )


GUIDE = "first-meeting"


def guide_of(plan: Plan, actor: Actor) -> Paper | None:
    """The guide for the first meeting, for those who may lead it; nobody else knows of it."""
    if not can(actor, "plan.present", plan):
        return None
    title = _("Guide for the first meeting")
    return Paper(GUIDE, title, _("for whoever leads the talk"), lambda: guide_letter(draft_of(plan)))


def paper_of(plan: Plan, name: str, *, by: Actor) -> Paper:
    """One paper by its name in the address, or NotFound."""
    guide = guide_of(plan, by) if name == GUIDE else None
    found = guide or next((paper for paper in papers_of(plan) if paper.name == name), None)
    if found is None:
        raise NotFound(_("There is no such paper"), value=name)
    return found


def file_of_paper(paper: Paper, fmt: Format) -> bytes:
    """The paper in a format. The PDF of a signed version is the frozen one, byte for byte; made now where the worker
    has not come to it yet."""
    version = paper.version
    if fmt is Format.PDF and version is not None and version.kind == VersionKind.SIGNED:
        return _frozen(paper, version)
    return render(paper.letter(), fmt)


def _frozen(paper: Paper, version: PlanVersion) -> bytes:
    from headway.plans.actions.papers import freeze_paper

    count = len(version.signatures.all())
    if paper.frozen is not None and paper.frozen.signatures == count:
        return _kept(paper.frozen)
    one = Due(version, PaperKind(paper.name.partition("-")[0]), count)
    try:
        return _kept(freeze_paper(version=version, one=one, by=SYSTEM))
    except StorageTrouble:
        # No room on the disk keeps nobody from reading what was signed: the same words give the same bytes.
        return bytes_of(one)


def _kept(frozen: FrozenPaper) -> bytes:
    content = folder.read(frozen.file)
    if content is None:
        raise NotFound(_("The signed file is missing"), todo=_("Tell your administrator: `headway audit verify`."))
    return content
