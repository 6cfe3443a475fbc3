"""The document of a receipt: what became of an operation that was not simply accepted."""

from typing import Annotated, Literal
from uuid import UUID

from app.moment import Moment
from app.problems import Fout
from app.registraties.document import OMSLAG, TEKST, Document, Door
from app.registraties.lezing import Lijst, Reis
from app.registraties.model import Model
from app.vocabulary import Code, Groep, Rol, Vlag
from app.vocabulary import Status as Uitkomst


class Weigering(Model):
    """Waarom de wet het verbiedt, en wat het wel mogelijk maakt."""

    artikel: str
    reden: str
    wat_nu: str


class QuarantaineBesluit(Model):
    """Wie over de quarantaine besliste, wanneer en waarom; zonder reden: de dienst zelf, na een fout van de dienst."""

    op: UUID
    door: Door
    ontvangen_op: Moment
    reden: Annotated[str | None, TEKST] = None


class Ontvangst(Document):
    """Wat er met een registratie gebeurde die niet zonder meer werd aanvaard, of waar iets aan opviel."""

    lijst = Lijst(
        "Quarantaine",
        ("code", "stand"),
        pad="quarantaine",
        permissie="quarantaine:zien",
        alleen=(("status", "quarantined"),),
        enkel=False,
        volgorde=("ontvangenOp",),
    )
    reis = Reis()

    class Intern(Model):
        """Where it is about, and who may look at it."""

        gemeenten: tuple[str, ...]
        inzage: str
        coordinator: UUID | None = None

    status: Annotated[Uitkomst, OMSLAG]
    code: Annotated[Code | None, OMSLAG] = None
    vlaggen: Annotated[tuple[Vlag, ...] | None, OMSLAG] = None
    """What was odd about it."""
    soort: Annotated[str | None, OMSLAG]
    """As it was sent: it may be a kind that there is not."""
    ontvangen_op: Annotated[Moment, OMSLAG]
    functionaris: Annotated[UUID, OMSLAG]
    rol: Annotated[Rol, OMSLAG]
    organisatie: Annotated[UUID, OMSLAG]
    toestel: Annotated[UUID | None, OMSLAG]
    stand: Annotated[Literal["open", "aanvaard", "geweigerd"] | None, OMSLAG] = None
    uitleg: Annotated[str | None, OMSLAG] = None
    """Why, in words for whoever recorded it."""
    weigering: Annotated[Weigering | None, OMSLAG] = None
    fouten: Annotated[tuple[Fout, ...] | None, OMSLAG] = None
    beoordeling: Annotated[QuarantaineBesluit | None, TEKST, Groep.BEOORDELING] = None
