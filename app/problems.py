"""Named errors. Each carries its HTTP status, its slug and its Dutch title, and knows nothing of HTTP libraries.

The wire form is RFC 9457 ``application/problem+json``; :mod:`app.error_handlers` writes it.
A problem never repeats what the caller sent: rejected input may be personal data.
"""

from collections.abc import Iterable
from traceback import walk_tb
from typing import Annotated, Any, ClassVar, Final

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

MAX_FOUTEN: Final = 100
"""So many mistakes of one request are named at most."""
VERZOEK: Final = "verzoek"
"""The `veld` of a mistake that is in the request as a whole."""


@with_config(ConfigDict(extra="forbid"))
class Fout(TypedDict):
    """Een fout in wat u stuurde. De ingevulde waarde staat er nooit in."""

    veld: Annotated[str, Field(description="Waar, zoals `personen[0].naam`; `verzoek` is het geheel.")]
    melding: Annotated[str, Field(description="Wat er niet klopt.")]


class Problem(Exception):  # it is the RFC 9457 word
    """The base: ``status``, ``slug`` and ``title`` belong to the class, ``detail`` and extensions to the case."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "interne-fout"
    title: ClassVar[str] = "Er ging iets mis"
    uitleg: ClassVar[str] = (
        "De fout ligt bij de dienst en is vastgelegd. Probeer het later; noem bij een melding de `X-Request-Id`."
    )
    """What somebody who meets it reads at its `type`."""

    def __init__(self, detail: str, *, headers: dict[str, str] | None = None, **extensions: Any) -> None:
        """`extensions` become extra members of the problem, so they must be JSON and free of personal data."""
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.extensions = extensions


class Onjuist(ValueError):
    """A payload contradicts itself. The message is a fixed Dutch sentence, shown as it stands; it repeats nothing."""


class MetFouten(Problem):
    """Whoever asked did it wrong: a 400, which always says where."""

    status = 400

    def __init__(
        self,
        detail: str,
        veld: str = VERZOEK,
        *,
        fouten: Iterable[Fout] = (),
        headers: dict[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        """Without `fouten` the detail is the only one, in `veld`."""
        told = [*fouten] or [Fout(veld=veld, melding=detail)]
        super().__init__(detail, headers=headers, fouten=told[:MAX_FOUTEN], **extensions)


class MethodeBestaatNiet(Problem):
    """There is something at this address, and this cannot be done with it."""

    status, slug, title = 405, "methode-niet-toegestaan", "Dit kan hier niet"
    uitleg = "Dit adres bestaat, maar niet met deze methode. De header `Allow` zegt welke er wel zijn."


class Geweigerd(MetFouten):
    """Refused before anything of ours looked at it."""

    slug, title = "verzoek-geweigerd", "Het verzoek is geweigerd"
    uitleg = "Het verzoek kan niet worden uitgevoerd zoals het kwam. `status` zegt waarom."


class OngeldigVerzoek(MetFouten):
    """The request itself is malformed; nothing of it was processed."""

    slug, title = "ongeldig-verzoek", "Het verzoek klopt niet"
    uitleg = (
        "Er klopt iets niet in wat u stuurde; er is niets van verwerkt. `fouten` noemt de velden. Verbeter die en "
        "stuur het opnieuw."
    )


class ToelichtingOntbreekt(MetFouten):
    """A restricted read needs the header ``X-Audit-Toelichting``."""

    slug, title = "toelichting-ontbreekt", "Geef aan waarom u dit inziet"
    uitleg = (
        "Dit mag u inzien met een reden. Zet die in de header `X-Audit-Toelichting`, in minstens 10 tekens; elke "
        "inzage wordt vastgelegd."
    )


class AanmeldenMislukt(MetFouten):
    """The credentials, the role or the login do not hold. RFC 6749 5.2: 400, with its code in `error`."""

    slug, title = "aanmelden-mislukt", "Aanmelden is niet gelukt"
    uitleg = (
        "De gegevens, de rol of de aanmelding kloppen niet. `error` zegt wat er is (RFC 6749); hebt u meer dan één "
        "rol, kies er dan een uit `rollen`."
    )


class NietAangemeld(Problem):
    """No token, or one that does not hold."""

    status, slug, title = 401, "niet-aangemeld", "U bent niet aangemeld"
    uitleg = "Er is geen token of cookie, of het is niet van ons. Meld u aan en stuur hetzelfde opnieuw."


class AanmeldingBeeindigd(Problem):
    """The login that the token came from has ended: its time is over, or somebody ended it."""

    status, slug, title = 401, "aanmelding-beeindigd", "Uw aanmelding is beëindigd"
    uitleg = "Deze aanmelding is afgelopen of beëindigd. Meld u opnieuw aan; wat op het toestel staat, blijft staan."


class TokenVerlopen(Problem):
    """A token that was good and is not any more: refresh it and go on."""

    status, slug, title = 401, "token-verlopen", "Uw aanmelding is verlopen"
    uitleg = "Vernieuw het token met uw refresh-token (`POST /v1/oauth/token`) en stuur hetzelfde opnieuw."


class AndereHerkomst(Problem):
    """A cookie came with a request that no page of ours sent."""

    status, slug, title = 403, "andere-herkomst", "Dit verzoek komt niet van deze site"
    uitleg = "Een verzoek met een cookie komt alleen van een eigen pagina, met de header `Origin`."


class GeenRecht(Problem):
    """The role lacks this permission altogether, or so does who signed in in this way: without a device, say."""

    status, slug, title = 403, "geen-recht", "Dit mag u zo niet"
    uitleg = (
        "In uw rol mag dit niet, of niet zoals u zich aanmeldde: `detail` zegt het. `GET /v1/ik` zegt wat u mag, en of "
        "u op een toestel bent aangemeld."
    )


class ToestelIngetrokken(Problem):
    """The device was revoked; it takes effect at the next request."""

    status, slug, title = 403, "toestel-ingetrokken", "Dit toestel is ingetrokken"
    uitleg = (
        "Dit toestel mag niet meer meedoen. Staat er een `opdracht` bij, voer die dan uit als de handtekening klopt."
    )


class ToestelNietGoedgekeurd(Problem):
    """The device was enrolled, but no second person has approved it yet."""

    status, slug, title = 403, "toestel-niet-goedgekeurd", "Dit toestel is nog niet goedgekeurd"
    uitleg = "Een tweede persoon moet dit toestel nog goedkeuren. Leg gewoon verder vast en probeer het later."


class ToestelAndereRol(Problem):
    """The device was approved for its carrier in another role than the one he signs in with."""

    status, slug, title = 403, "toestel-andere-rol", "Dit toestel is voor een andere rol goedgekeurd"
    uitleg = "Dit toestel is goedgekeurd voor een andere rol dan die waarmee u zich aanmeldt."


class AanmeldingNietVers(Problem):
    """What is asked needs somebody who gave his password just now, on no device yet."""

    status, slug, title = 403, "aanmelding-niet-vers", "Meld u eerst opnieuw aan"
    uitleg = "Meld u opnieuw aan, zonder toestel, en doe dit binnen vijf minuten."


class InschrijfcodeOngeldig(Problem):
    """Unknown, used, expired, or somebody else's: the four answer alike."""

    status, slug, title = 403, "inschrijfcode-ongeldig", "Deze code werkt niet"
    uitleg = "De code is onbekend, gebruikt, verlopen of voor een ander. Vraag een nieuwe."


class ToegangscodeOngeldig(Problem):
    """Unknown, used, late or withdrawn: the four answer alike."""

    status, slug, title = 403, "toegangscode-ongeldig", "Deze code werkt niet"
    uitleg = "De code is onbekend, gebruikt, verlopen of ingetrokken. Vraag uw beheerder om een nieuwe."


class SleutelbewijsOngeldig(MetFouten):
    """The signature does not show that the device holds the private half of its key."""

    slug, title = "sleutelbewijs-ongeldig", "Het bewijs van de sleutel klopt niet"
    uitleg = "De handtekening laat niet zien dat het toestel de sleutel heeft."


class OpdrachtOngeldig(Problem):
    """It is no order that we gave to a device."""

    status, slug, title = 403, "opdracht-ongeldig", "Deze opdracht is niet van ons"
    uitleg = "Dit is geen opdracht die hier aan een toestel is gegeven. Stuur haar zoals zij kwam."


class NietGevonden(Problem):
    """It does not exist, or not for this actor: the two answer alike."""

    status, slug, title = 404, "niet-gevonden", "Niet gevonden"
    uitleg = "Het bestaat niet, of u mag niet weten dat het bestaat: het antwoord is gelijk."


class RegelGeschonden(Problem):
    """The act is well formed and allowed, but the state of affairs forbids it."""

    status, slug, title = 409, "regel-geschonden", "Dit kan nu niet"
    uitleg = (
        "De stand van zaken laat dit nu niet toe. Verbiedt de wet het, dan staan erbij: `artikel`, `reden` en `watNu`."
    )


class KenmerkBestaat(Problem):
    """The organisation gave this reference of this system before, to another document of the kind."""

    status, slug, title = 409, "kenmerk-bestaat", "Uw organisatie gebruikte dit bronkenmerk al"
    uitleg = "Dit kenmerk van dit systeem hoort al bij een ander document. Kies een ander, of vul dat document aan."


class HandtekeningOntbreekt(Problem):
    """A device that promised to sign books online, where nothing is signed: it goes through the outbox."""

    status, slug, title = 409, "handtekening-ontbreekt", "Dit toestel ondertekent wat het vastlegt"
    uitleg = "Een toestel dat ondertekent, verstuurt via `POST /v1/sync/push`. Of meld u aan zonder toestel."


class IdAndereInhoud(Problem):
    """The id was used before with other content."""

    status, slug, title = 409, "id-andere-inhoud", "Dit kenmerk is al gebruikt voor iets anders"
    uitleg = "Dit kenmerk hoort al bij iets anders. Maak een nieuw kenmerk, of stuur precies hetzelfde als eerst."


class EpochGewijzigd(Problem):
    """The ledger was restored to an older state, or folded otherwise: push first, then pull everything."""

    status, slug, title = 409, "epoch-gewijzigd", "Er is een nieuw tijdperk begonnen"
    uitleg = "Het grootboek is teruggezet of anders opgebouwd. Verstuur eerst alles, haal dan alles op zonder cursor."


class CursorVerlopen(Problem):
    """Rights or masks changed since the cursor was given: push, pull everything, drop what was not listed."""

    status, slug, title = 410, "cursor-verlopen", "Haal alles opnieuw op"
    uitleg = (
        "Wat er veranderde is niet meer te zeggen. Verstuur, haal alles op zonder cursor, en laat vallen wat niet kwam."
    )


class UploadVervallen(Problem):
    """The upload expired or was given up: make a new one."""

    status, slug, title = 410, "upload-vervallen", "Deze upload bestaat niet meer"
    uitleg = "De upload is verlopen of opgegeven. Meld het bestand opnieuw aan."


class UploadLooptAnders(Problem):
    """The bytes do not follow what was received, or another connection took the upload over: ask where it stands."""

    status, slug, title = 409, "upload-loopt-anders", "De upload gaat ergens anders verder"
    uitleg = "De bytes sluiten niet aan, of een nieuwere verbinding nam het over. Vraag met HEAD waar de upload is."


class TusVersie(Problem):
    """The client speaks no version of tus that is spoken here."""

    status, slug, title = 412, "tus-versie", "Deze versie van tus wordt niet gesproken"
    uitleg = "Stuur `Tus-Resumable: 1.0.0` mee."


class ControlegetalKloptNiet(Problem):
    """What arrived is not what was sent (tus checksum extension); nothing of it was kept."""

    status, slug, title = 460, "controlegetal-klopt-niet", "Het stuk kwam anders aan dan het werd verstuurd"
    uitleg = "Onderweg veranderde er iets; van dit stuk is niets bewaard. Stuur het opnieuw."


class TeTraag(Problem):
    """Nothing came for too long; what had come is kept."""

    status, slug, title = 408, "te-traag", "Er kwam te lang niets"
    uitleg = "Er kwam te lang niets. Wat er was, is bewaard: vraag met HEAD waar u was en ga verder."


class OpslagVol(Problem):
    """There is no room for the file. What was acknowledged stands; try again later."""

    status, slug, title = 507, "opslag-vol", "Er is geen ruimte meer"
    uitleg = "Wat bevestigd is, staat. Probeer het later opnieuw en meld het uw beheerder."


class TeGroot(Problem):
    """The body is over the limit; the limits stand in the problem."""

    status, slug, title = 413, "te-groot", "Het verzoek is te groot"
    uitleg = "`limits` zegt hoeveel er in één keer mag. Stuur de helft."


class KopTeGroot(Problem):
    """The address and the headers are more than is held of somebody who said nothing else yet."""

    status, slug, title = 431, "kop-te-groot", "Het adres en de headers zijn te lang"
    uitleg = "Een adres met zijn headers is hoogstens 16 KiB. Vraag minder tegelijk: `id` mag hoogstens honderd keer."


class OnbekendMediatype(Problem):
    """The content type or coding is not one that is read here."""

    status, slug, title = 415, "onbekend-mediatype", "Dit soort inhoud wordt niet gelezen"
    uitleg = "Stuur de inhoud in het soort dat de beschrijving van de API noemt."


class ProtocolTeOud(Problem):
    """The app speaks no protocol version that the server speaks."""

    status, slug, title = 426, "protocol-niet-ondersteund", "Werk de app bij"
    uitleg = "Deze app is te oud om op te halen; versturen mag nog. Werk de app bij."


class TeVeelVerzoeken(Problem):
    """Slow down; ``Retry-After`` says how long."""

    status, slug, title = 429, "te-veel-verzoeken", "Te veel verzoeken"
    uitleg = "Wacht het aantal seconden van `Retry-After` en stuur dan hetzelfde opnieuw."

    def __init__(self, detail: str, grens: str, *, headers: dict[str, str] | None = None) -> None:
        """`grens` is the limit as `RateLimit-Policy` says it: `"verzoeken";q=200;w=4` (draft-ietf-httpapi-ratelimit).

        `q` is how much may be done in `w` seconds; without `w` how much at once, of the unit `qu`.
        """
        nothing_left = f"{grens.partition(';')[0]};r=0"
        super().__init__(detail, headers={"RateLimit-Policy": grens, "RateLimit": nothing_left, **(headers or {})})


class TijdelijkNietBeschikbaar(Problem):
    """Nothing was processed; try again after ``Retry-After`` seconds."""

    status, slug, title = 503, "tijdelijk-niet-beschikbaar", "Even niet beschikbaar"
    uitleg = "Er is niets verwerkt. Wacht het aantal seconden van `Retry-After` en stuur dan hetzelfde opnieuw."


class GrootboekBevroren(Problem):
    """Ledger, vault or what follows from them is not what was sealed: nothing is booked or shown until it is."""

    status, slug, title = 503, "grootboek-bevroren", "Het grootboek staat stil"
    uitleg = (
        "Er is schade aan het grootboek gevonden. Er wordt niets geboekt of getoond tot een beheerder die heeft "
        "hersteld."
    )


ALLE: tuple[type[Problem], ...] = (
    Problem,
    *(kind for kind in Problem.__subclasses__() if kind is not MetFouten),
    *MetFouten.__subclasses__(),
)
"""Every problem that an answer can be: what is said of each stands at its `type`."""


def describe(exc: BaseException) -> dict[str, Any]:
    """The type of an exception and the line of ours it came from; nothing of what it says."""
    kind = type(exc)
    where = ""
    for frame, line in walk_tb(exc.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("app.") and module != "app.middleware":
            where = f"{module}:{line}"
    return {"exception": f"{kind.__module__}.{kind.__qualname__}", "where": where}
