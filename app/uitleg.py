"""What an operator reads when a command cannot do its work: one Dutch sentence for whatever may be wrong around us."""

import re
from collections.abc import Iterator
from socket import gaierror

from alembic.util import CommandError
from asyncpg.exceptions import ClientConfigurationError, InterfaceError, PostgresError
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_NO_ANSWER = "{naam}: op dat adres antwoordt geen PostgreSQL. Draait de database, en klopt het adres?"
_NO_ADDRESS = "{naam} is geen adres van PostgreSQL, zoals postgresql://gebruiker:wachtwoord@server:5432/database."
_BY_SQLSTATE = (
    ("28...", "{naam}: de database weigert deze gebruiker of dit wachtwoord."),
    ("3D000", "{naam}: deze database bestaat niet. Maak haar eerst aan."),
    ("42501", "{naam}: deze gebruiker mag dit niet in de database."),
    ("42P01|3F000", "De database is nog niet ingericht. Voer eerst uit: veldboek database inrichten"),
    ("25006", "{naam}: deze database is alleen te lezen. Is het een kopie die meeloopt?"),
    ("53100", "De schijf van de database is vol. Er is niets verwerkt."),
    ("53300", "De database heeft geen verbinding meer over. Probeer het later, of verhoog max_connections."),
    ("57P0.", "De database start of stopt net. Probeer het zo opnieuw."),
    ("55P03|40...", "De database is te druk. Er is niets verwerkt; probeer het zo opnieuw."),
    ("08...", _NO_ANSWER),
)
"""First fit counts; none of them says anything of the content."""


def explain(error: BaseException, naam: str) -> str | None:
    """The sentence for `error`, met while connecting to what the setting `naam` points at; None for a bug of ours."""
    for each in _chain(error):
        if (sentence := _of_database(each) or _of_system(each)) is not None:
            return sentence.format(naam=naam)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """What is wrong, and what was wrong with that."""
    while error is not None:
        yield error
        error = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error.__cause__


def _of_database(error: BaseException) -> str | None:
    if isinstance(error, ArgumentError | ClientConfigurationError):
        return _NO_ADDRESS
    if isinstance(error, PoolTimeoutError | InterfaceError):
        return _NO_ANSWER
    if isinstance(error, CommandError):
        if "Can't locate revision" in str(error):
            return "De database is van een nieuwere versie van Veldboek dan deze. Zet die versie neer."
        return "De migraties lukken niet; de bestanden in alembic/versions passen niet bij deze database."
    code = getattr(error, "sqlstate", None) or "" if isinstance(error, PostgresError) else ""
    return next((sentence for pattern, sentence in _BY_SQLSTATE if re.fullmatch(pattern, code)), None)


def _of_system(error: BaseException) -> str | None:
    if isinstance(error, EOFError):
        return "Er kwam geen wachtwoord. Geef het in, of noem een bestand met --wachtwoord-bestand."
    if not isinstance(error, OSError):
        return None
    if error.filename is not None:
        return f"{error.filename}: hier is niet te lezen of te schrijven ({error.strerror}).".replace("{", "{{")
    if isinstance(error, ConnectionError | TimeoutError | gaierror) or "Connect call failed" in str(error):
        return _NO_ANSWER
    return f"Het systeem weigert: {error.strerror or type(error).__name__}.".replace("{", "{{")
