"""The policy as a page to read: docs/rechten.md is this, and `make check` holds the two equal."""

from app.access.beleid import BELEID, BELEIDSVERSIE
from app.access.bereik import Bereik
from app.access.zicht import ZICHT, Deel, Zicht
from app.vocabulary import Groep, Rol, Sectie

INTRO = f"""# Rights

Generated from the policy table (`app/access/beleid.py`, version {BELEIDSVERSIE}); `make openapi` writes it.

A row opens a permission to a role for documents with one of the named kinds of scope. What has no row is refused;
what one may not see does not exist (404), in lists, counts, single reads and sync. A new document is bound to a
municipality of its writer. Writing gives no right to read. Rights are read from the folded ledger at each request: a
roltoewijzing that ended still delivers what was recorded, into quarantine, and its device hears what becomes of that.

| kind of scope | the document |
|---|---|
"""

MEANING = {
    Bereik.ALLEN: "is reference data without anything secret",
    Bereik.BEHEER: "is about people and devices",
    Bereik.GEBIED: "lies in one of the role's municipalities",
    Bereik.GEMEENTE: "is open to the administration of one of the role's municipalities",
    Bereik.ATTENDERING: "is a controle in one of the role's municipalities, of which it is told that it is there",
    Bereik.POLITIE: "is shut in the circle of the police, in one of the role's municipalities",
    Bereik.OPSPORING: "is shut in the circle of boa's who investigate, in one of the role's municipalities",
    Bereik.MENSENHANDEL: "is a sign of trafficking in one of the role's municipalities",
    Bereik.ZORG: "is one in which help was offered, in one of them",
    Bereik.DEELNEMER: "has the functionaris as participant or writer",
    Bereik.TEAM: "has him as participant, and the period in which he sees the work of the team runs",
    Bereik.COORDINATOR: "has him as coördinator",
    Bereik.ORGANISATIE: "was initiated by, or handed to, the organisation",
    Bereik.SCHRIJVER: "was written by the organisation",
    Bereik.ORGAAN: "is addressed to an organ (burgemeester, college) of one of the role's municipalities",
}


PARTS = """
## What of a document is shown

Closed unless a row opens it (`app/access/zicht.py`): a role sees these parts of a document that carries one of these
kinds of scope, and of the *own* parts what he recorded himself. [gegevens.md](gegevens.md) says in which part each
field lies. A permission between brackets is for that door only.

| collection | roles | kinds of scope | parts | own |
|---|---|---|---|---|
"""


def render_page() -> str:
    """The whole page, Markdown."""
    rollen = list(Rol)
    kinds = "".join(f"| `{kind.value}` | {MEANING[kind]} |\n" for kind in Bereik)
    head = f"\n| permission | {' | '.join(rol.value for rol in rollen)} |\n|---|{'---|' * len(rollen)}\n"
    rows = "".join(
        f"| `{permissie}` | {' | '.join(_cell(rol, permissie) for rol in rollen)} |\n"
        for permissie in dict.fromkeys(recht.permissie for recht in BELEID)
    )
    shown = "".join(_shown(z) for z in sorted(ZICHT, key=lambda z: z.collectie))
    return f"{INTRO}{kinds}{head}{rows}{PARTS}{shown}"


def _shown(z: Zicht) -> str:
    door = "" if z.permissie == f"{z.collectie}:zien" else f" (`{z.permissie}`)"
    roles = ", ".join(rol.value for rol in Rol if rol in z.rollen)
    kinds = ", ".join(kind.value for kind in Bereik if kind in z.bereik)
    return f"| `{z.collectie}`{door} | {roles} | {kinds} | {_parts(z.delen)} | {_parts(z.eigen)} |\n"


def _parts(delen: frozenset[Deel]) -> str:
    return ", ".join(deel.value for deel in (*Sectie, *Groep) if deel in delen)


def _cell(rol: Rol, permissie: str) -> str:
    kinds = {kind for recht in BELEID if rol in recht.rollen and recht.permissie == permissie for kind in recht.bereik}
    return ", ".join(kind.value for kind in Bereik if kind in kinds)
