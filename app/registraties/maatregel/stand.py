"""How a maatregel stands, derived from what was recorded about it: one rule for every fold.

Parts of the document: `voornemen` and `besluit` (who recorded them; their content lies beside them),
`zienswijzen`, `bekendmakingen`, `verbeurten`, `toepassing`, `verlengingen`, `einde`. `_tellend` holds the
entries whose facts count. A part whose entry was struck is absent, and the status follows from the rest.
"""

from datetime import date, timedelta
from typing import Any

from app.registraties.act import ORGAAN, Doc, Omgeving, Registratie, copied, iso, refuse
from app.registraties.maatregel.onderdelen import Betreft, Wijze
from app.registraties.telt import counts
from app.registraties.velden import organ_of, shown
from app.registraties.weigeringen import wait_for, weiger
from app.vocabulary import MaatregelSoort, Orgaan
from veldboek_client.maatregel import status_on

LOPEND = frozenset({"in_werking", "toegepast"})
"""What binds now, and an officer at the door must know."""
NOT_KNOWN = frozenset({"voorgenomen", "opgelegd"})
"""What nobody it is addressed to knows yet."""

_LISTS = ("adressaten", "zienswijzen", "bekendmakingen", "verbeurten", "verlengingen", "_tellend")


def practised(r: Registratie) -> Doc:
    """That all of it is an exercise, if it is."""
    return {"oefening": True} if r.oefening else {}


def stamp(r: Registratie) -> Doc:
    """Which entry, by whom, when."""
    return {"op": str(r.op), "door": r.door, "waargenomenOp": iso(r.waargenomen_op)}


def item(r: Registratie) -> Doc:
    """The payload of `r` as a part of the document; its date `op` becomes `datum`, as `op` is the entry."""
    return {**{("datum" if key == "op" else key): value for key, value in shown(r).items()}, **stamp(r)}


def fold_into(doc: Doc | None, r: Registratie, change: Doc) -> Doc:
    """`doc`, or the beginning of one, with `change` and the organ of `r` laid over it; what follows is derived anew."""
    empty: Doc = {"id": str(r.onderwerp["maatregel"]), **{name: [] for name in _LISTS}}
    named = {ORGAAN: str(said)} if (said := r.inhoud.says("bevoegd_orgaan")) else {}
    return _derive({**empty, **(doc or {}), **named, **change})


def add_to(name: str, doc: Doc | None, new: Any) -> Doc:
    """The change that adds `new` to the list `name`."""
    return {name: [*(doc or {}).get(name, []), new]}


def counted(doc: Doc | None, r: Registratie) -> Doc:
    """The change that lets the fact of `r` count, if it does."""
    return add_to("_tellend", doc, str(r.op)) if counts(r) else {}


def place(r: Registratie, omgeving: Omgeving) -> Doc:
    """Where the maatregel holds, as the canonical location; nothing if `r` names none."""
    named = r.onderwerp.get("locatie")
    locatie = omgeving.get("locatie", named) if named is not None else None
    return copied(locatie, named) if named is not None and locatie is not None else {}


def change_verbeurte(doc: Doc | None, r: Registratie, change: Doc) -> Doc:
    """The change that lays `change` over the verbeurte that `r` names; none if it was struck."""
    ident = str(r.onderwerp["verbeurte"])
    listed = (doc or {}).get("verbeurten", [])
    return {"verbeurten": [{**v, **change} if v["id"] == ident else v for v in listed]}


def find_verbeurte(doc: Doc, ident: object) -> Doc | None:
    """The verbeurte with this id, if the maatregel has it."""
    return next((v for v in doc.get("verbeurten", []) if v["id"] == str(ident)), None)


def need_verbeurte(doc: Doc | None, ident: object) -> Doc:
    """The verbeurte with this id, for a guard: refuses when the maatregel has none."""
    found = find_verbeurte(doc or {}, ident)
    if found is None:
        wait_for("Deze verbeurte staat niet bij deze maatregel.")
    return found or {}


def need_closure(doc: Doc | None) -> Doc:
    """The closure that lasts, its last day `tot` as it stands now, for a guard: refuses if there is none."""
    stand = doc or {}
    applied = stand.get("toepassing", {})
    if not applied:
        wait_for("Deze maatregel is geen lopende sluiting.")
    if stand.get("status") != "toegepast" or applied.get("wijze") != Wijze.SLUITING:
        refuse("Deze maatregel is geen lopende sluiting.")
    return {**applied, "tot": stand.get("sluitingTot")}


def bekendmakingen(doc: Doc) -> list[Doc]:
    """Those of the besluit as it stands: one of a besluit that was struck brings no other into force."""
    besluit = doc.get("besluit", {}).get("op")
    if besluit is None:
        return []
    about = [b for b in doc.get("bekendmakingen", ()) if b.get("betreft") == Betreft.BESLUIT]
    return [b for b in about if b.get("besluit") == besluit]


def total_verbeurd(doc: Doc) -> int:
    """Euro cents forfeited so far, collected or not."""
    return sum(v["bedrag"] for v in doc.get("verbeurten", []))


def before(day: date, other: str | None) -> bool:
    """Whether `day` lies before `other`, if there is such a day."""
    return other is not None and day.isoformat() < other


def status_of(doc: Doc, dag: date) -> str:
    """How a maatregel stands on a day: a closure past its last day is over. `doorgehaald` when there is none."""
    return status_on({"status": "doorgehaald", **doc}, dag.isoformat())


def refuse_other_organ(doc: Doc, inhoud: Any) -> None:
    """Refuse what would be sealed as of another organ than the maatregel is: its law is that of the entry alone."""
    organ = doc.get(ORGAAN)
    if organ is not None and organ_of(inhoud) != organ:
        refuse(f"Deze maatregel is van {_VAN[organ]}: noem in `bevoegdOrgaan` hetzelfde bestuursorgaan.")


_VAN = {Orgaan.BURGEMEESTER: "de burgemeester", Orgaan.COLLEGE: "het college"}


def refuse_future(r: Registratie, *days: date | None) -> None:
    """Refuse what is dated later than the day after the server heard of it: a phone may be a day ahead (Awb 3:40)."""
    if any(day is not None and day > r.ontvangen_datum + timedelta(days=1) for day in days):
        weiger("datum-in-de-toekomst")


def refuse_elsewhere(doc: Doc, r: Registratie, omgeving: Omgeving) -> None:
    """Refuse a controle or rapportage that does not concern the location of the maatregel."""
    locatie, rapportage = doc.get("locatie"), r.inhoud.says("rapportage")
    if rapportage and locatie not in omgeving.need("rapportage", rapportage).get("locaties", []):
        refuse("Deze rapportage gaat over een andere locatie.")
    if "controle" in r.onderwerp and (locatie != omgeving.need("controle", r.onderwerp["controle"]).get("locatie")):
        refuse("Deze controle was op een andere locatie.")


def refuse_unheard(doc: Doc, day: date, tot_en_met: str | None, betreft: Betreft, verbeurte: object = None) -> None:
    """No decision while people may still give their view, unless all addressees have (Awb 4:8, 4:9)."""
    given = [
        z
        for z in doc.get("zienswijzen", [])
        if z.get("betreft") == betreft and z.get("verbeurte") == (str(verbeurte) if verbeurte else None)
    ]
    open_still = tot_en_met is not None and day.isoformat() <= tot_en_met
    if open_still and len(given) < max(1, len(doc.get("adressaten", []))):
        wait_for("De termijn voor een zienswijze loopt nog.")


def _derive(doc: Doc) -> Doc:
    """`doc` with the fields that follow from its parts. Dates of the besluit: as first made known."""
    known = [b["datum"] for b in bekendmakingen(doc)]
    applied = doc.get("toepassing", {})
    closed = applied.get("wijze") == Wijze.SLUITING
    ends = [part["tot"] for part in (applied, *doc["verlengingen"]) if closed and "tot" in part]
    changed = {
        **doc,
        "verbeurten": [{**v, "status": _verbeurte_status(v)} for v in doc["verbeurten"]],
        "bekendgemaaktOp": min(known, default=None),
        "sluitingTot": max(ends, default=None),
        "geldtTotEnMet": max(ends, default=None),
    }
    if ran_out(changed) and changed["einde"]["datum"] < (changed["geldtTotEnMet"] or ""):
        del changed["einde"]  # its term was corrected to later: it lasts
    return {**changed, "status": _status(changed)}


def ran_out(doc: Doc) -> bool:
    """Whether the end of a closure is the one that the server booked when its term ran out."""
    return bool(doc.get("einde", {}).get("vanzelf"))


def _status(doc: Doc) -> str:
    """The furthest step that still stands. A waarschuwing is no besluit, so it never is in_werking."""
    if "besluit" not in doc:
        return "voorgenomen" if "voornemen" in doc else "doorgehaald"
    if "toepassing" in doc:
        einde = doc.get("einde")
        if einde is None:
            return "toegepast"
        return "verlopen" if einde["reden"] == "termijn_verstreken" else "opgeheven"
    if doc["bekendgemaaktOp"] is None or doc["soort"] == MaatregelSoort.WAARSCHUWING:
        return "opgelegd"
    if "dwangsom" in doc and total_verbeurd(doc) >= doc["dwangsom"]["maximum"]:
        return "uitgewerkt"
    return "in_werking"


def _verbeurte_status(verbeurte: Doc) -> str:
    """Paid in full, waived, or how far the collection came (Awb 5:37)."""
    if sum(b["bedrag"] for b in verbeurte["betalingen"]) >= verbeurte["bedrag"]:
        return "geind"
    if "afgezien" in verbeurte:
        return "afgezien"
    if "beschikking" in verbeurte:
        return "beschikt"
    return "voorgenomen" if "voornemen" in verbeurte else "open"
