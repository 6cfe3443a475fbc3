"""The numbers for monitoring, all from the database: whichever process is asked, the answer is the same.

Counts and ages only: no names, no ids, no municipality, so nobody learns from them where or what.
"""

from typing import Final, NamedTuple

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Meting(NamedTuple):
    """One number: its name below `veldboek_`, its kind in Prometheus, what it is, and how it is found.

    With `label` it is one row, of which the number follows the value of that label.
    """

    naam: str
    soort: str
    uitleg: str
    query: str
    label: str | None = None


_QUARANTINE: Final = "SELECT count(*) FROM lees.ontvangst WHERE status = 'quarantined' AND stand = 'open'"
_OPEN: Final = (
    "FROM lees.toestel t JOIN bedrijf.toestel_stand s ON s.toestel = t.id"
    " LEFT JOIN bedrijf.toestel_voortgang v ON v.toestel = t.id WHERE NOT t.ingetrokken"
    " AND s.verteld > coalesce(v.aaneengesloten, 0) + coalesce(cardinality(v.los), 0)"
)
_FILES: Final = "FROM bedrijf.upload WHERE NOT geboekt AND staat IN ('compleet', 'afgekeurd')"
METINGEN: Final = (
    Meting("registraties_total", "counter", "Entries in the ledger: its head.", "SELECT size FROM grootboek.head"),
    Meting(
        "tijdperk_info",
        "gauge",
        "The epoch; another one after a restore.",
        "SELECT epoch, 1 FROM grootboek.head",
        "tijdperk",
    ),
    Meting(
        "uitgesteld",
        "gauge",
        "Operations that wait for what they are about; their devices send them again.",
        "SELECT count(*) FROM bedrijf.sync_op WHERE status = 'deferred'",
    ),
    Meting("quarantaine_open", "gauge", "In quarantine, not decided yet.", _QUARANTINE),
    Meting(
        "niet_verwerkt",
        "gauge",
        "Of those: kept because of a mistake of ours. Look in the log for `unjudged`.",
        f"{_QUARANTINE} AND code = 'niet_verwerkt'",
    ),
    Meting(
        "bevroren",
        "gauge",
        "1 while damage was found, so nothing is booked or shown.",
        "SELECT count(*) FROM bedrijf.alarm WHERE soort = 'schade'",
    ),
    Meting(
        "toestellen_niet_afgeleverd",
        "gauge",
        "Devices in use that said they hold more than arrived.",
        f"SELECT count(*) {_OPEN}",
    ),
    Meting(
        "oudste_niet_afgeleverd_seconden",
        "gauge",
        "How long ago the one of those was seen that was away longest; 0 when there is none.",
        f"SELECT coalesce(extract(epoch FROM now() - min(s.gezien_op)), 0)::float8 {_OPEN}",
    ),
    Meting(
        "bestanden_te_boeken",
        "gauge",
        "Files that arrived and wait for their entry, or to be booked.",
        f"SELECT count(*) {_FILES}",
    ),
    Meting(
        "bestanden_onderweg",
        "gauge",
        "Files of which a part arrived.",
        "SELECT count(*) FROM bedrijf.upload WHERE staat = 'bezig'",
    ),
)


async def read_metingen(session: AsyncSession) -> str:
    """Every number, in the text format of Prometheus (0.0.4)."""
    connection = await session.connection()
    await connection.execute(text("SELECT set_config('statement_timeout', '5s', true)"))
    lines: list[str] = []
    for meting in METINGEN:
        name = f"veldboek_{meting.naam}"
        *label, value = (await connection.execute(text(meting.query))).one()
        named = f'{{{meting.label}="{label[0]}"}}' if meting.label else ""
        lines += [f"# HELP {name} {meting.uitleg}", f"# TYPE {name} {meting.soort}", f"{name}{named} {value}"]
    return "\n".join(lines) + "\n"
