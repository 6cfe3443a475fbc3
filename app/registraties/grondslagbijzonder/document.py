"""The document of a grondslag."""

from typing import Annotated, Literal

from app.moment import Datum, Moment
from app.registraties.document import OMSLAG, Document, Door
from app.registraties.lezing import Lijst, Reis


class GrondslagBijzonder(Document):
    """Waarop een gemeente personen apart mag vastleggen, en van wanneer tot en met wanneer."""

    lijst = Lijst("Grondslagen voor bijzondere gegevens", ("gemeentecode",), pad="grondslagen-bijzonder")
    reis = Reis("naslag")

    naslag: Annotated[Literal["grondslagbijzonder"], OMSLAG]
    gemeentecode: Annotated[str, OMSLAG]
    van: Annotated[Datum, OMSLAG]
    tot_en_met: Annotated[Datum | None, OMSLAG] = None
    bepaling: Annotated[str, OMSLAG]
    status: Annotated[Literal["wacht_op_bevestiging", "bevestigd", "ingetrokken"], OMSLAG]
    vastgelegd_door: Annotated[Door, OMSLAG]
    bevestigd_op: Annotated[Moment | None, OMSLAG] = None
    bevestigd_door: Annotated[Door | None, OMSLAG] = None
