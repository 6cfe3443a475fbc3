"""What follows from an entry: the server books it, in the same transaction, in the name of who brought it about."""

from collections.abc import Iterator
from uuid import uuid4

from app.registraties.act import iso
from app.registraties.kern import GEWIJZIGD
from app.registraties.register import AGGREGATEN
from app.services.boeken.boeking import Boeking
from app.services.boeken.oordeel import Oordeel
from app.services.boeken.oordelen import judge
from app.services.kluis.operatie import Operatie, read_operatie


def what_follows(b: Boeking, oordeel: Oordeel) -> Iterator[tuple[Operatie, Oordeel]]:
    """Each operation that follows from a verdict, with its own; each is judged once the one before it is folded."""
    for each in (oordeel, oordeel.aanvaard):
        if each is None or each.stap is None:
            continue
        for key in each.raakt:
            doc = b.vouwer.doc(key) or {}
            said = {name: doc[name] for name in AGGREGATEN[key.aggregaat].mee if name in doc}
            op = {
                "opId": str(uuid4()),
                "soort": GEWIJZIGD,
                "versie": 1,
                "onderwerp": {key.aggregaat: str(key.id)},
                "waargenomenOp": iso(b.nu),
                "inhoud": {"registratie": str(each.gewijzigd), "beoordeling": str(each.stap.op)} | said,
            }
            follows = read_operatie(op, eigen=True)
            yield follows, judge(follows, b.actor, b.vouwer, nu=b.nu, vlaggen=())
