"""The law of an entry as a page to read: docs/wet.md is this, and `make check` holds the two equal."""

from app.access.wet import TABEL, Taak, Wetsregel, own_roles

BETEKENIS: dict[Taak, str] = {
    Taak.DEUR: "a controle, from plan to end",
    Taak.PLAATS: "a locatie",
    Taak.SIGNAAL: "a signaal that somebody else gave, and what is made of any signaal",
    Taak.WAARNEMING: "a signaal of what its writer saw himself",
    Taak.POLITIESIGNAAL: "a signaal of what the police know",
    Taak.MENSENHANDEL: "a sign of trafficking, and what follows on it",
    Taak.RAPPORTAGE: "writing, adopting and disclosing a rapportage",
    Taak.BURGEMEESTER: "a decision of the burgemeester, what leads to it and what follows on it",
    Taak.COLLEGE: "the same of the college",
    Taak.QUARANTAINE: "deciding on what is in quarantine",
    Taak.BEHEER: "people, roles, accounts, devices",
}
INTRO = """# The law of an entry

Generated from `app/access/wet.py` (`veldboek wet`); `make check` holds the two equal. **Not signed off yet**: FG and
privacyfunctionaris sign this table before the first real entry, for what is sealed cannot be mended.

| signs for | name | date | remarks |
|---|---|---|---|
| the municipalities (FG) | – | – | – |
| the police (privacyfunctionaris) | – | – | – |

Each entry is sealed under a law (`regime`), with who answers for it (`verwerkingsverantwoordelijke`), how secret it is
and who may read it (`kring`). That follows from the entry alone: what work it is, of what kind of organisation its
writer is, in which role, in which capacity (`hoedanigheid`), on the day on which the server heard of it. Never from the
document it lands in, and never by default: what has no row is kept in quarantine, sealed under no law.

- **Kring.** `gemeente`: as the [rights](rechten.md) say. `politie`, `opsporing` (the boa's of that municipality) and
  `onbekend` (the police) shut the municipality's administration out of the whole document: of all that is in it, of
  open and settled differences, and of its place the stricter decides. Whoever takes part goes on reading; the
  regisseur hears that there is a controle. What both police and boa's shut, nobody reads but who takes part.
- **Capacity.** Every entry on a controle says it; a device copies it from the controle. What an earlier app sent does
  not: of a municipality that is toezicht, of the police it is `onbekend`. An officer of the police says which by a
  correction in the newest version; nobody else opens it. What was said is not changed by a correction.
- **Organ.** Every entry on a maatregel says whose decision that is (`bevoegdOrgaan`); so do a strike and a settlement,
  and what the server books copies it. One that names another organ than the maatregel is refused. An earlier version
  says none: it is the burgemeester's, so on a maatregel of the college it is refused as well.
- **What the engine notes** about a document (a strike, a settlement, a file that arrived, evidence that changed) is
  work of the same kind, in no capacity. It shuts no document; in quarantine it is read as narrowly as that document.
- **A rapportage** is over toezicht. Over a controle with anything in another capacity it is [refused](weigeringen.md).
- **Before this table** (release 0.1.0) the law was guessed and sealed so; that stands, and decides who reads those
  entries as it did. But a controle that the police began unplanned, without saying in which capacity, is `onbekend`.
  All that it booked on a maatregel is sealed as the burgemeester's, whatever organ that names.

## Rows

| row | organisation | capacity | work | regime | controller | level | kring | from | why |
|---|---|---|---|---|---|---|---|---|---|
"""
OUTRO = """
The police have the roles wijkagent, pct and avim, other organisations all others, unless the row says otherwise. Who
has a role that does not belong to his organisation records nothing.

## Work

"""
CHOICES = """
## Open choices, for who signs

1. A signaal that the police report with another source than `politie` or `eigen_waarneming`, and what they make of any
   signaal, is supervision (AVG, korpschef). Stricter would be Wpg 8.
2. What a municipality records with source `politie` is its own record (AVG), read by the police and its writer only.
3. Opsporing by a boa is Wpg 8; colleagues read it per municipality, for no authorisation per officer (Wpg 6) is kept.
4. A police officer's sign of trafficking is Wpg 8 also when the controle was toezicht.
5. What was booked on a maatregel of the college before every entry named its organ stays sealed as the burgemeester's.
6. What is recorded about people and devices by the administrators is the municipality's, also of police officers.
7. A strike or settlement by the police on a controle or a locatie says no capacity: it stands under the stricter law.
8. A joint controle may name its arrangement (AVG 26) in `onderlingeRegeling`; nothing is refused without it.
"""


def render_page() -> str:
    """The whole page, Markdown."""
    rows = "".join(_line(r) for r in TABEL)
    works = "".join(f"- `{taak}`: {text}\n" for taak, text in BETEKENIS.items())
    return f"{INTRO}{rows}{OUTRO}{works}{CHOICES}"


def _line(r: Wetsregel) -> str:
    only = "" if r.rollen == own_roles(r.organisaties) else f" ({', '.join(sorted(r.rollen))} only)"
    said = [
        ", ".join(sorted(str(each) for each in names if each)) for names in (r.organisaties, r.hoedanigheden, r.taken)
    ]
    until = f" until {r.tot}" if r.tot else ""
    law = " | ".join(r.wet.as_doc().values())
    return f"| {r.naam} | {said[0]}{only} | {said[1]} | {said[2]} | {law} | {r.van}{until} | {r.waarom} |\n"
