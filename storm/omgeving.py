"""What goes wrong around the phones: rights, the API, PostgreSQL, the disk, the clock, and everybody at once."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import httpx

from storm.handelingen import add, add_finding, correct, handeling, is_police, known_controles, report
from storm.lijn import PUSH, new_line
from storm.mensen import SINDS, grant
from storm.schakelbord import Daad, Punt
from storm.telefoon import Telefoon
from storm.wereld import Run


@handeling("serverklok_terug", 2)
async def clock_back(run: Run, _t: Telefoon, kans: random.Random) -> None:
    """The clock of the server steps back."""
    run.o.bord.set_clock(run.o.bord.now() - timedelta(seconds=kans.choice((2, 60, 3600))))
    run.journaal.note("serverklok_terug")


@handeling("rol_gewijzigd", 5)
async def role_changed(run: Run, t: Telefoon, kans: random.Random) -> str:
    """A role ends and another is given: more municipalities, fewer, or other masks. The phone hears it later."""
    await run.end_role(t.mens)
    both = ("GM0233", "GM0243")
    police = (("pct", ("GM0243",)), ("wijkagent", ("GM0243",)), ("wijkagent", both))  # a role of one's own organisation
    others = (("boa", ("GM0243",)), ("boa", ("GM0233",)), ("boa", both), ("regisseur", both))
    rol, gemeenten = kans.choice(police if is_police(t) else others)
    inhoud = grant(t.mens.functionaris, rol, t.mens.organisatie, gemeenten, SINDS)
    role = str(run.bron.uuid7(run.o.bord.now()))
    await run.grant_role(role, inhoud)
    await run.approve_role(t.mens, role, rol)
    for own in run.phones_of(t.mens):
        own.sign_in()
    run.journaal.note("rol_gewijzigd")
    return f"{rol} {' '.join(gemeenten)}"


@handeling("rol_beeindigd", 3)
async def role_ended(run: Run, t: Telefoon, kans: random.Random) -> str:
    """A role ends while the phone is offline: what it still delivers is kept, in quarantine."""
    await correct(run, t, kans)
    await add(run, t, kans)
    await run.end_role(t.mens)
    run.journaal.note("rol_beeindigd")
    return await t.sync()


@handeling("toestel_ingetrokken", 1)
async def device_revoked(run: Run, t: Telefoon, kans: random.Random) -> str:
    """Revoked between two batches of one session: what was booked stands, the next request is refused."""
    for _ in range(3):
        await report(run, t, kans)
    working = await run.working_phones()
    if t.ident not in working or len(working) < len(run.telefoons) - 1:
        return "genoeg"

    async def revoke() -> None:
        await run.administer(f"/toestellen/{t.ident}/intrekking", "toestel", t.ident, {"reden": "verloren"})
        run.journaal.note("toestel_ingetrokken")

    t.lijn.tussendoor = revoke
    return await t.attempt(t.toestel.push(per_keer=1))


@handeling("herhaalstorm", 1)
async def retry_storm(run: Run, t: Telefoon, kans: random.Random) -> None:
    """Everybody comes back at once, and a proxy repeats one batch ten times: answers are 200, or come back later."""
    await report(run, t, kans)
    kept: list[httpx.Request] = []
    t.lijn.afluisteren = kept.append
    await t.sync()
    t.lijn.afluisteren = None
    pushes = [r for r in kept if r.url.path == PUSH]
    if pushes:
        answers = await asyncio.gather(*(_once_more(t, pushes[-1]) for _ in range(10)))
        for answer in answers:
            busy = answer.status_code in {429, 503} and "retry-after" in answer.headers
            fine = answer.status_code in {200, 401, 403} or busy
            run.check(fine, f"{t.naam}: a repeated batch got {answer.status_code}")
        run.journaal.note("herhaalstorm")


async def _once_more(t: Telefoon, request: httpx.Request) -> httpx.Response:
    t.lijn.note_sent(request)
    async with new_line(t.lijn.pad) as line:
        headers = {k: v for k, v in request.headers.items() if k not in {"content-length", "host"}}
        copy = httpx.Request(request.method, request.url, headers=headers, content=request.content)
        response = await line.handle_async_request(copy)
        await response.aread()
        return response


@handeling("tegelijk", 6)
async def together(run: Run, t: Telefoon, kans: random.Random) -> None:
    """Several phones deliver at the same moment, most about one controle, while another reads all the time."""
    writers = [t, *kans.sample([o for o in run.telefoons if o is not t], 3)]
    for writer in writers:  # what was waiting goes first: of that, the order matters
        await writer.attempt(writer.toestel.push())
        for controle in known_controles(writer)[:2]:
            for _ in range(kans.randint(1, 3)):
                add_finding(writer, UUID(controle), kans)
    reader = next(o for o in run.telefoons if o not in writers)
    reader.lijn.bladzijde = 2
    busy = True

    async def read() -> None:
        while busy:
            await reader.attempt(reader.toestel.pull())

    async def write() -> None:
        nonlocal busy
        await asyncio.gather(*(writer.attempt(writer.toestel.push(per_keer=2)) for writer in writers))
        busy = False

    await asyncio.gather(read(), write())
    run.journaal.note("gelijktijdig")


@handeling("api_gedood", 5)
async def api_killed(run: Run, t: Telefoon, kans: random.Random) -> str:
    """`kill -9` of the API at a point of a booking, or between two requests."""
    await add(run, t, kans)
    await report(run, t, kans)
    punt = kans.choice((Punt.GEEN, Punt.VOOR_KOP, Punt.VOOR_COMMIT, Punt.NA_COMMIT))
    if punt is Punt.GEEN:
        run.o.dienst.kill()
    else:
        run.o.bord.arm(punt, Daad.API_DOOD)
    ended = await t.sync()
    died = punt is Punt.GEEN or not run.o.bord.armed
    run.o.bord.disarm()
    if died:
        run.journaal.note(f"api_gedood_{punt.name.lower()}")
        run.o.dienst.kill()
        run.o.start_api()
    return f"{punt.name} {ended}"


@handeling("postgres_gestopt", 3)
async def postgres_stopped(run: Run, t: Telefoon, kans: random.Random) -> str:
    """`immediate` stop of PostgreSQL at a point of a booking, or between two: 503, and wholly there or not at all."""
    await add(run, t, kans)
    await report(run, t, kans)
    punt = kans.choice((Punt.GEEN, Punt.VOOR_KOP, Punt.VOOR_COMMIT, Punt.NA_COMMIT))
    if punt is Punt.GEEN:
        run.o.stop_postgres()
    else:
        run.o.bord.arm(punt, Daad.POSTGRES_STOP, run.o.server.pid)
    ended = await t.sync()
    run.o.bord.disarm()
    if not run.o.postgres.alive():
        run.journaal.note(f"postgres_gestopt_{punt.name.lower()}")
        run.o.start_postgres()
    return f"{punt.name} {ended}"


@handeling("schijf_vol", 2)
async def disk_full(run: Run, t: Telefoon, kans: random.Random) -> str:
    """The disk of the database is full: nothing is promised that is not kept, and it recovers by itself."""
    if not run.o.own_disk:
        return "kan hier niet"
    for controle in known_controles(t)[:1]:
        for _ in range(40):
            tekst = "".join(kans.choice("abcdefgh ") for _ in range(1_900))
            inhoud = {"code": "anders", "aard": "feit", "wijze": "waargenomen", "tekst": tekst}
            t.record("bevinding.vastgelegd", {"controle": UUID(controle), "bevinding": t.new_id()}, inhoud)
    run.o.fill_disk()
    ended = await t.sync()
    run.o.free_disk()
    if not run.o.postgres.alive():
        run.o.start_postgres()
    run.journaal.note("schijf_vol")
    return ended


@handeling("reservekopie", 2)
async def server_backup(run: Run, _t: Telefoon, _kans: random.Random) -> str:
    """A copy of the database, or, when there is one, back to it under a new epoch: phones push again and fetch all."""
    if not run.kopie:
        await run.o.back_up()
        run.kopie, run.vragen_bij_kopie = True, len(run.journaal.vragen)
        return "kopie"
    await run.o.restore(f"e{run.bron.kans.getrandbits(32):08x}")
    run.kopie = False
    run.journaal.beloofd.clear()
    del run.journaal.vragen[run.vragen_bij_kopie :]
    run.journaal.note("teruggezet_naar_kopie")
    return "teruggezet"
