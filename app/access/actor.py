"""Who acts: one person in one capacity, with rights as they stand in the read models at this request."""

from dataclasses import dataclass, field
from uuid import UUID

from app.vocabulary import POLITIEROLLEN, OrganisatieSoort, Rol


@dataclass(frozen=True, slots=True)
class Actor:
    """One person × one roltoewijzing. `actief` is False once its period ended: then he may only push.

    `bureau` is whoever takes in, from quarantine, what this person once recorded: where he may look he may let it
    hold, in place of a right that the writer no longer has. What the writer's role may never do stays so.
    """

    functionaris: UUID
    roltoewijzing: UUID
    rol: Rol
    organisatie: UUID
    gemeenten: frozenset[str]
    actief: bool = True
    toestel: UUID | None = None
    sid: UUID | None = None
    """From which login he asks; None when something is booked in his name without him."""
    berging: bool = False
    """The device was revoked and may still deliver: all that it sends goes to quarantine."""
    eerste: bool = False
    """The command line records the first administrators, in their own name; nobody else ever acts so."""
    bureau: "Actor | None" = None
    organisatie_soort: OrganisatieSoort | None = None
    """Of what kind his organisation is; None where nothing is booked, or nobody knows."""
    gehouden: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """The scopes held per permission, worked out once; a function of the fields above and the policy."""

    @property
    def beslissers(self) -> frozenset[str]:
        """Whoever decides that it holds: he himself, and the desk that takes it in. For rules that ask for another."""
        return frozenset(str(wie.functionaris) for wie in (self, self.bureau) if wie is not None)

    @property
    def werkgebied(self) -> frozenset[str]:
        """The municipalities in which what he records may lie."""
        return self.bureau.gemeenten if self.bureau else self.gemeenten

    @property
    def plek(self) -> UUID:
        """From where he listens: his device, or else his login."""
        return self.toestel or self.sid or self.functionaris

    @property
    def politie(self) -> bool:
        """Whether he works for the police, so under the korpschef as controller of his own rows."""
        return self.rol in POLITIEROLLEN
