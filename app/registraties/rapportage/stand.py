"""How a rapportage stands, derived from what was recorded about it: one rule for every fold."""

from app.registraties.act import Doc, Registratie, iso

_LISTS = ("verstrekkingen", "ontvangsten")


def _status(doc: Doc) -> str:
    """The furthest step that still stands; `doorgehaald` when the entry that made it was struck."""
    if "soort" not in doc:
        return "doorgehaald"
    if doc["ontvangsten"]:
        return "ontvangen"
    if doc["verstrekkingen"]:
        return "verstrekt"
    return "vastgesteld" if "vastgesteldOp" in doc else "opgemaakt"


def fold_into(doc: Doc | None, r: Registratie, change: Doc) -> Doc:
    """`doc`, or the beginning of one, with `change` laid over it and its status derived anew."""
    empty: Doc = {"id": str(r.onderwerp["rapportage"]), **{name: [] for name in _LISTS}}
    changed = {**empty, **(doc or {}), **change}
    return {**changed, "status": _status(changed)}


def add_to(name: str, doc: Doc | None, r: Registratie) -> Doc:
    """The change that adds the payload of `r` to the list `name`, with who recorded it and when."""
    item = {
        "op": str(r.op),
        "door": r.door,
        "waargenomenOp": iso(r.waargenomen_op),
        **r.inhoud.as_doc(),
    }
    return {name: [*(doc or {}).get(name, []), item]}
