"""`veldboek …`: what an operator types. Everything it prints is plain Dutch."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from app import gegevensblad
from app.access import wetblad
from app.access.beleidsblad import render_page
from app.access.geheimen import load_geheimen
from app.database import create_engine, create_sessionmaker
from app.demo.opvragen import CijfersNietBeschikbaar, print_cijfers
from app.fouten import melding_of
from app.geheimbestand import SleutelbestandOnbruikbaar
from app.inrichten import (
    AndereVersie,
    AnderGrootboek,
    MigratiesPassenNiet,
    beheer_server,
    check_migrations,
    ensure_head,
    let_app_in,
    migrate,
    refuse_other_name,
)
from app.kopie.maken import make_kopie
from app.kopie.manifest import KopieGeweigerd
from app.kopie.resten import clear_left
from app.kopie.terugzetten import Teruggezet, restore_kopie
from app.kopie.toegang import render_verschil
from app.lifespan import AppMagTeVeel
from app.postgres import PostgresKanNietStarten
from app.problems import Onjuist, Problem
from app.registraties import weigeringen
from app.services.beheer.bootstrap import EERSTE, count_beheerders, create_beheerder, restore_beheerder
from app.services.beheer.herbouw import rebuild
from app.services.beheer.nakijken import accept_restored, check_everything, noticing
from app.services.bewaken.aanvang import GrootboekTeruggezet
from app.services.bewaken.merkteken import MerktekenOnbruikbaar, mark_place
from app.services.bewaken.schade import Schade
from app.services.boeken.verlopen import book_ended
from app.settings import Settings, get_settings
from app.starten import start
from app.uitleg import explain
from app.werkers import WerkersVallen


@asynccontextmanager
async def beheer_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """A connection with the owner's rights: the one given, the running embedded server, or one started for this."""
    with beheer_server(settings) as (url, own):
        engine = create_engine(url, pool_size=1)
        try:
            if own:
                await migrate(engine)
                await ensure_head(engine, settings.grootboek_naam)
            yield engine
        finally:
            await engine.dispose()


async def prepare(settings: Settings, _args: argparse.Namespace) -> None:
    """`database inrichten`."""
    if settings.database_url_beheer is not None:
        settings.refuse_demo_name()
    async with beheer_engine(settings) as engine:
        await migrate(engine)
        await ensure_head(engine, settings.grootboek_naam)
        if settings.database_url is not None:
            await let_app_in(engine, settings.database_url.get_secret_value())
    print("De database is ingericht.")


async def reopen(settings: Settings, _args: argparse.Namespace) -> None:
    """`database hersteld`."""
    plaats = mark_place(settings, load_geheimen(settings))
    async with beheer_engine(settings) as engine, noticing(engine):
        mark = await accept_restored(engine, plaats.keep, told=tell_progress)
    plaats.put(mark)
    tell_epoch(mark.epoch)
    print(render_verschil(None))


def tell_epoch(epoch: str) -> None:
    """What an older state means for everybody."""
    print(f"Nieuw tijdperk {epoch}: toestellen versturen opnieuw wat zij hebben en halen alles op.")
    print("Alle aanmeldingen zijn beëindigd: iedereen meldt zich opnieuw aan. Wat op toestellen staat, blijft staan.")


async def check_database(_settings: Settings, _args: argparse.Namespace) -> None:
    """`database controleer`: on a server of its own, so it never touches data."""
    await check_migrations()
    print("De migraties passen op de modellen, heen en terug.")


async def check_all(settings: Settings, args: argparse.Namespace) -> None:
    """`grootboek controleer`: the first difference is told here, and stops the service where it runs."""
    plaats = mark_place(settings, load_geheimen(settings))
    async with beheer_engine(settings) as engine, noticing(engine):
        await refuse_other_name(engine, settings.grootboek_naam)
        size, lifted = await check_everything(
            engine, plaats, settings.grootboek_naam, lees=not args.alleen_grootboek, told=tell_progress
        )
    print(f"{size} regels nagekeken: bladen, kluis, boom en stand kloppen.")
    if not args.alleen_grootboek:
        print("Alle leesmodellen volgen uit het grootboek.")
    if lifted:
        print("Er was schade bekend; die is weg, en er wordt weer geboekt.")


def tell_progress(done: int, of: int, seconds: float) -> None:
    """One line that keeps changing for who waits at a terminal; only the last for a log."""
    if sys.stderr.isatty() or done == of:
        end = "\n" if done == of else "\r"
        rate = round(done / max(seconds, 1e-3))
        print(f"{done} van {of} regels nagerekend, {rate} per seconde", end=end, file=sys.stderr)


async def rebuild_lees(settings: Settings, _args: argparse.Namespace) -> None:
    """`herbouw`."""
    async with beheer_engine(settings) as engine, noticing(engine):
        done = await rebuild(engine, told=tell_progress)
    print(f"{done.registraties} registraties opnieuw gevouwen.")
    if done.epoch is not None:
        print(f"Er kwam iets anders uit. Nieuw tijdperk {done.epoch}: toestellen halen alles opnieuw op.")


def ask_password() -> str:
    """From the terminal unseen, otherwise the first line that comes in. Raises EOFError when there is none."""
    if sys.stdin.isatty():
        return getpass.getpass("Wachtwoord (minstens 12 tekens): ")
    if not (line := sys.stdin.readline()):
        raise EOFError
    return line.rstrip("\n")


async def add_beheerder(settings: Settings, args: argparse.Namespace) -> None:
    """`beheerder aanmaken`."""
    wachtwoord = (
        args.wachtwoord_bestand.read_text(encoding="utf-8").rstrip("\n") if args.wachtwoord_bestand else ask_password()
    )
    async with beheer_engine(settings) as engine, create_sessionmaker(engine)() as session:
        await create_beheerder(
            session,
            gebruikersnaam=args.gebruikersnaam,
            wachtwoord=SecretStr(wachtwoord),
            organisatie=args.organisatie,
            nu=datetime.now(UTC),
        )
        await session.commit()
        found = await count_beheerders(session, datetime.now(UTC))
    print("De functioneel beheerder is aangemaakt.")
    if found < EERSTE:
        print("Maak nu ook de tweede aan, met hetzelfde commando: een beheerder alleen kan niemand toelaten.")


async def let_beheerder_back(settings: Settings, args: argparse.Namespace) -> None:
    """`beheerder herstellen`."""
    async with beheer_engine(settings) as engine, create_sessionmaker(engine)() as session:
        toegang = await restore_beheerder(session, gebruikersnaam=args.gebruikersnaam, nu=datetime.now(UTC))
        await session.commit()
    print(f"Toegangscode voor {args.gebruikersnaam}, een dag geldig, één keer: {toegang.code}")
    print("Hij kiest daarmee zelf een wachtwoord: POST /v1/oauth/toegang.")


async def make_copy(settings: Settings, args: argparse.Namespace) -> None:
    """`kopie maken`."""
    made = await make_kopie(settings, args.doel, args.geheimen)
    print(f"Kopie in {args.doel}: {made.regels} registraties, {made.bestanden} bestanden, {made.size // 1024 + 1} kB.")
    for ident in made.ontbrekend:
        print(f"Let op: van upload {ident} is het bestand niet in de opslag; het staat dus ook niet in de kopie.")
    if args.geheimen is None:
        print("De sleutels zitten er niet in; bewaar die apart (--geheimen MAP).")


async def restore_copy(settings: Settings, args: argparse.Namespace) -> None:
    """`kopie terugzetten`."""
    await restore_kopie(settings, args.bron, told=tell_restored, geheimen=args.geheimen, vervang=args.vervang)


def tell_restored(done: Teruggezet) -> None:
    """What came back, what phones do now, and what people do again."""
    print(f"Teruggezet: {done.manifest.regels} registraties, zoals op {done.manifest.gemaakt_op}.")
    tell_epoch(done.tijdperk)
    print(render_verschil(done.verschil))
    for ident in done.manifest.ontbrekend:
        print(f"Let op: van upload {ident} was het bestand al niet in de kopie.")
    if done.herbouwen:
        print(f"De kopie is van een oudere uitgave ({done.manifest.uitgave}): voer nu uit: veldboek herbouw")


async def clear_restore(settings: Settings, _args: argparse.Namespace) -> None:
    """`kopie opruimen`."""
    for name in (cleared := await clear_left(settings)):
        print(f"Weg: {name}")
    if not cleared:
        print("Er staat niets meer van een afgebroken terugzetting.")


async def show_beleid(_settings: Settings, _args: argparse.Namespace) -> None:
    """`beleid`."""
    print(render_page(), end="")


async def show_gegevens(_settings: Settings, _args: argparse.Namespace) -> None:
    """`gegevens`."""
    print(gegevensblad.render_page(), end="")


async def end_terms(settings: Settings, _args: argparse.Namespace) -> None:
    """`verlopen`."""
    async with beheer_engine(settings) as engine:
        done = await book_ended(create_sessionmaker(engine), nu=datetime.now(UTC))
    print(f"Vastgelegd dat een termijn verstreek: {done}.")


async def show_wet(_settings: Settings, _args: argparse.Namespace) -> None:
    """`wet`."""
    print(wetblad.render_page(), end="")


async def show_weigeringen(_settings: Settings, _args: argparse.Namespace) -> None:
    """`weigeringen`."""
    print(weigeringen.render_page(), end="")


async def show_cijfers(settings: Settings, args: argparse.Namespace) -> None:
    """`cijfers`: asks the running service, as the regisseur of the demo or as whoever is named."""
    await print_cijfers(
        args.adres or f"http://127.0.0.1:{settings.port}",
        settings.veldboek_home,
        gemeente=args.gemeente,
        jaar=args.jaar,
        gebruikersnaam=args.gebruikersnaam,
    )


async def start_service(settings: Settings, args: argparse.Namespace) -> None:
    """`start`."""
    await start(settings if args.workers is None else Settings(workers=args.workers))


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="veldboek", description="Het gezamenlijke inspectiegrootboek.")
    commands = parser.add_subparsers(required=True, metavar="opdracht")

    def command(name: str, help_text: str, run: Callable[..., Coroutine[Any, Any, None]], group: Any = commands) -> Any:
        made = group.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(run=run)
        return made

    service = command("start", "De dienst starten; zonder DATABASE_URL met eigen PostgreSQL en demo.", start_service)
    service.add_argument("--workers", help="zoveel processen (WORKERS); standaard 1")
    command("beleid", "De rechtentabel als leesbare pagina.", show_beleid)
    command("gegevens", "Wat er in elk document staat, als leesbare pagina.", show_gegevens)
    command("wet", "Onder welke wet elke registratie valt, als leesbare pagina.", show_wet)
    command("weigeringen", "Wat de wet verbiedt, als leesbare pagina.", show_weigeringen)
    command("verlopen", "Vastleggen welke termijnen voorbij zijn; de dienst doet dat ook zelf.", end_terms)
    command("herbouw", "De leesmodellen wissen en opnieuw uit het grootboek vouwen.", rebuild_lees)
    figures = command("cijfers", "De cijfers op een rij, over een jaar.", show_cijfers)
    figures.add_argument("--gemeente", required=True, help="CBS-code, zoals GM0243")
    figures.add_argument("--jaar", required=True, type=int)
    figures.add_argument("--gebruikersnaam", help="standaard: de regisseur van de demo")
    figures.add_argument("--adres", help="standaard: de dienst op deze machine")
    ledger = commands.add_parser("grootboek", help="Het grootboek nakijken.").add_subparsers(required=True)
    whole = command("controleer", "Alles narekenen: elk blad, de kluis, de boom, de leesmodellen.", check_all, ledger)
    whole.add_argument("--alleen-grootboek", action="store_true", help="de leesmodellen niet opnieuw vouwen")
    database = commands.add_parser("database", help="De database inrichten of controleren.").add_subparsers(
        required=True
    )
    command("inrichten", "Rollen, migraties en een leeg grootboek (DATABASE_URL_BEHEER).", prepare, database)
    command("hersteld", "Na het terugzetten van een kopie: een nieuw tijdperk beginnen.", reopen, database)
    command("controleer", "Of de migraties op de modellen passen, heen en terug.", check_database, database)
    kopie = commands.add_parser("kopie", help="Een kopie van alles maken of terugzetten.").add_subparsers(required=True)
    making = command("maken", "Een kopie maken, terwijl de dienst draait.", make_copy, kopie)
    making.add_argument("doel", type=Path, help="een map die nog niet bestaat")
    restoring = command("terugzetten", "Een kopie terugzetten; de dienst staat dan stil.", restore_copy, kopie)
    restoring.add_argument("bron", type=Path, help="de map van de kopie")
    restoring.add_argument("--vervang", action="store_true", help="ook als hier al registraties staan")
    command("opruimen", "Weghalen wat een afgebroken terugzetting liet staan.", clear_restore, kopie)
    for each in (making, restoring):
        each.add_argument("--geheimen", type=Path, help="de sleutels, in een map op een andere plek")
    beheerder = commands.add_parser("beheerder", help="De eerste beheerders.").add_subparsers(required=True)
    back = command("herstellen", "Een beheerder die er niet meer in kan een code geven.", let_beheerder_back, beheerder)
    back.add_argument("--gebruikersnaam", required=True)
    first = command("aanmaken", "De eerste en de tweede functioneel beheerder aanmaken.", add_beheerder, beheerder)
    first.add_argument("--gebruikersnaam", required=True)
    first.add_argument("--organisatie", default="Beheer")
    first.add_argument("--wachtwoord-bestand", type=Path, help="leest het wachtwoord uit dit bestand")
    return parser


EXPLAINED = (
    PostgresKanNietStarten,
    AnderGrootboek,
    MigratiesPassenNiet,
    AppMagTeVeel,
    AndereVersie,
    Onjuist,
    WerkersVallen,
    SleutelbestandOnbruikbaar,
    CijfersNietBeschikbaar,
    KopieGeweigerd,
    GrootboekTeruggezet,
    MerktekenOnbruikbaar,
    Schade,
)


def main() -> None:
    """Run one command; a mistake of the operator is one sentence and exit status 1, never a traceback."""
    args = build_parser().parse_args()
    try:
        asyncio.run(args.run(get_settings(), args))
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `veldboek cijfers … | head`: who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except EXPLAINED as problem:
        sys.exit(f"veldboek: {problem}")
    except Problem as problem:
        sys.exit(f"veldboek: {problem.detail}")
    except ValidationError as problem:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()} {melding_of(e)}".strip() for e in problem.errors())
        sys.exit(f"veldboek: een instelling klopt niet: {told}")
    except Exception as problem:
        sentence = explain(problem, "DATABASE_URL" if args.run is start_service else "DATABASE_URL_BEHEER")
        if sentence is None:  # a mistake of ours
            raise
        sys.exit(f"veldboek: {sentence}")


if __name__ == "__main__":
    main()
