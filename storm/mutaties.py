"""The bugs that the storm must find. Each is one line of ours, broken as somebody could break it on a working day."""

from collections.abc import Iterator
from contextlib import contextmanager

from storm.planten import Mutatie, plant

_BOEKEN, _HERHALING = "app.services.boeken.boek", "app.services.boeken.herhaling"
_OVERNIEUW, _SLOTEN = "app.services.boeken.overnieuw", "app.services.boeken.sloten"
_RECHTEN, _WIJZIGEN = "app.services.rechten.rechten", "app.services.boeken.wijzigen"
_ONTVANGSTEN = "app.services.boeken.ontvangsten"
_SYNC, _CLIENT = "app.services.sync.pull", "veldboek_client"
_NOT_ON_DISK = """
    import sqlalchemy
    await session.execute(sqlalchemy.text("SET LOCAL synchronous_commit TO off"))
    await session.commit()
"""
"""Within one transaction: a server on which this is the rule is refused at the start of the API."""
_LATER = """
    await session.rollback()
    import asyncio
    async def later():
        await asyncio.sleep(0.05)
        async with type(session)(session.bind, info=session.info) as other:
            await boek(other, actor, operaties, nu=nu, verzonden_op=verzonden_op)
            await other.commit()
    session.info.setdefault("later", set()).add(asyncio.create_task(later()))
"""
_REVOKE = 'changes.append(change | {"op": "revoke"})'
_WITH_CONTENT = (
    "held = (await session.execute(select(col(model.doc)).where(col(model.id) == ident))).scalar();"
    ' changes.append(change | {"op": "revoke"} | ({"doc": project_one(held)[0]} if held else {}))'
)
_FOLD = "b.vouwer.fold(each.stap, volgnr, each.doc)"
_UNTOLD = (
    f"told = dict(b.vouwer.feed.over); {_FOLD};"
    " b.vouwer.feed.over = told if each is oordeel.aanvaard else b.vouwer.feed.over"
)
_DESK = ("quarantaine",) * 2

LIJST = (
    Mutatie("herhaling_niet_herkend", "an id that was seen before is judged anew", f"{_HERHALING}:find_earlier",
            "b.eerdere[row.op] = row", "pass"),
    Mutatie("inhoud_niet_vergeleken", "other content under a known id counts as a repeat, and is gone",
            f"{_HERHALING}:is_same", "stored = stored_of(b, row)", "return True"),
    Mutatie("herhaling_antwoordt_anders", "a repeat hears something else than the first time", f"{_HERHALING}:replay",
            "row.pos, row.leaf_hash", "row.pos + 1, row.leaf_hash"),
    Mutatie("meteen_in_quarantaine", "what comes before what it is about never gets its chance",
            f"{_BOEKEN}:put_off", "if not has_ended(", "if False and not has_ended("),
    Mutatie("uitgesteld_telt_als_ontvangen", "deviceAck promises what the server did not keep", f"{_BOEKEN}:boek",
            " if status is not Status.DEFERRED", ""),
    Mutatie("gat_in_volgnummers_vergeten", "deviceAck skips what never came", "app.services.boeken.voortgang:advance",
            "    while through", "    through = max(loose, default=through)\n    while through"),
    Mutatie("geen_slot_op_onderwerp", "two batches about one document overwrite each other's fold",
            f"{_SLOTEN}:_lock", "if not wanted:", "if True:", nodig=("tegelijk",) * 2),
    Mutatie("antwoord_voor_commit", "the answer leaves before it is durable", f"{_OVERNIEUW}:_carry_out",
            "\n    await session.commit()\n", _LATER),
    Mutatie("synchronous_commit_uit", "a commit is confirmed before it is on disk", f"{_OVERNIEUW}:_carry_out",
            "\n    await session.commit()\n", _NOT_ON_DISK, nodig=("postgres_gestopt",) * 2),
    Mutatie("rechten_niet_herlezen", "whoever lost his role goes on as before", f"{_RECHTEN}:reload_actor",
            'actief=row["actief"]', "actief=True", nodig=("rol_beeindigd",)),
    Mutatie("onleesbare_houdt_batch_op", "one operation that cannot be read stops all others",
            "app.routers.sync:read_stuk",
            "if stuk.fout is not None:", 'if stuk.fout is not None:\n        raise OngeldigVerzoek("x")'),
    Mutatie("feed_zonder_revoke", "what somebody may no longer see stays on his phone",
            "app.services.kluis.feed:Meldingen.announce",
            "for scope in before | after:", "for scope in after:", nodig=("signaal_verbeterd",)),
    Mutatie("revoke_met_inhoud", "what is taken away is sent once more", f"{_SYNC}:read_changes",
            _REVOKE, _WITH_CONTENT, nodig=("signaal_verbeterd",) * 2),
    Mutatie("doorgehaald_blijft", "a document of which all was struck stays on phones",
            "app.services.vouwen.vouwer:Vouwer._put", "had, has = _placed(before, scopes),",
            "had, has = _placed(before, scopes) if doc else frozenset(),", nodig=("doorhaling_document",)),
    Mutatie("in_gebruik_vergeten", "a locatie is struck from under the controles that were done there",
            f"{_WIJZIGEN}:why_fixed", "stood_on(key, actor, vouwer)", "False", nodig=("doorhaling_document",)),
    Mutatie("aanvaard_niet_gevouwen", "what the desk takes in stands nowhere", f"{_BOEKEN}:seal_verdict",
            "in (oordeel, oordeel.aanvaard):", "in (oordeel,):", nodig=_DESK),
    Mutatie("aanvaard_niet_verteld", "no phone hears of what the desk takes in", f"{_BOEKEN}:seal_verdict",
            _FOLD, _UNTOLD, nodig=_DESK),
    Mutatie("besluit_herroepen", "the desk decides again on what was decided",
            "app.registraties.quarantaine.beoordeeld:guard", 'if doc.get("stand") != OPEN:', "if False:", nodig=_DESK),
    Mutatie("bureau_ziet_alles", "what concerns the police lies on the desk of the municipality",
            f"{_ONTVANGSTEN}:circle_of", "desk = BUREAU[wet.kring]", "desk = Bereik.GEMEENTE", nodig=_DESK),
    Mutatie("verworpen_geldt", "the version that was not chosen holds", "app.services.vouwen.stappen:settled",
            "corrected(original, keuze)", "original", nodig=("verschil",) * 2),
    Mutatie("verschil_blijft_open", "what was settled counts as a difference still",
            "app.services.vouwen.stappen:open_branches", " and s.op not in closed", "", nodig=("verschil",) * 2),
    Mutatie("grond_vergeten", "a row about a person is kept where no ground was recorded",
            "app.registraties.controle.grond:check_may_name", "if actor.politie or", "if True or"),
    Mutatie("telling_van_een_ander", "who counts takes away what another counted",
            "app.registraties.controle.telling_vastgelegd:fold",
            'own = telling["door"]["functionaris"] == str(r.functionaris)', "own = True"),
    Mutatie("afgelast_blijft_afgelast", "what was called off and was held all the same goes on as called off",
            "app.registraties.controle.stand:status", 'if then == "gepland" and "afgelasting" in doc',
            'if then != "afgerond" and "afgelasting" in doc', nodig=("afgelasting_gekruist",)),
    Mutatie("eerste_einde_geldt", "a controle ended when the phone came that was fastest",
            "app.registraties.controle.afgerond:_ended", 'sorted(real, key=itemgetter("waargenomenOp", "op"))', "real",
            nodig=("verschil",) * 2),
    Mutatie("lijst_slaat_over", "each page of a list skips the document at which it was cut",
            "app.services.lezen.lijsten:list_documents", "spell_cursor(page[-1].sleutel, page[-1].id,",
            "spell_cursor(rows[-1].sleutel, rows[-1].id,"),
    Mutatie("masker_vergeten", "fields travel to whoever may not see them", "app.access.zicht:seen_by",
            "kinds = kinds_of(held(actor, collectie, permissie).intersection(scopes))", "kinds = frozenset(Bereik)"),
    Mutatie("veld_te_veel", "a fold writes what no class declares", "app.registraties.controle.stand:stamp",
            '"op": str(r.op),', '"op": str(r.op), "kleur": "rood",'),
    Mutatie("bladzijde_breekt_positie", "the rest of a position is skipped", f"{_SYNC}:cut",
            'return [row for row in rows if row["pos"] <= boundary], boundary', "return rows[:limit], boundary"),
    Mutatie("cursor_een_te_ver", "each page skips a position", f"{_SYNC}:read_on",
            "pos=boundary)", "pos=boundary + 1)"),
    Mutatie("verloren_rechten_vergeten", "what a role no longer shows is not taken away", f"{_SYNC}:find_lost",
            "for row in rows)", "for row in rows[:0])", nodig=("rol_gewijzigd",) * 2),
    Mutatie("nieuwe_rechten_vergeten", "what a role newly shows does not come", f"{_SYNC}:catch_up",
            "cut(rows, limit)", "cut([], limit)", nodig=("rol_gewijzigd",) * 2),
    Mutatie("teruggezet_niet_aangeboden", "what a restored ledger has lost is not offered again",
            f"{_CLIENT}.opslag:Opslag.send_again", "(WACHT,)", "(VERSTUURD,)", "client",
            nodig=("reservekopie",) * 2),
    Mutatie("uitgesteld_vergeten", "the phone throws away what was deferred", f"{_CLIENT}.opslag:Opslag.settle",
            "VERSTUURD if status in SENT else", 'VERSTUURD if status in SENT else GEWIST if status == "deferred" else',
            "client"),
    Mutatie("verstuurd_voor_antwoord", "the phone counts as sent, and lets go of, what it only sent off",
            f"{_CLIENT}.toestel:Toestel._send",
            "    headers = {", '    self.opslag.settle(batch, [{"eerste": None, "status": "accepted", "code": None,'
            ' "pos": None, "wissen": True}] * len(batch))\n    headers = {', "client"),
    Mutatie("cursor_voor_inhoud", "the cursor is kept although the page was not", f"{_CLIENT}.opslag:Opslag.apply",
            "    with self._db:\n", '    self.set("cursor", page["cursor"])\n    with self._db:\n', "client",
            nodig=("toestel_vol",)),
    Mutatie("niet_genoemde_blijft", "after a full pull, what is no longer listed stays",
            f"{_CLIENT}.opslag:Opslag.apply",
            "WHERE gezien = 0", "WHERE gezien = 2", "client", nodig=("reservekopie",) * 2),
)  # fmt: skip
MUTATIES = {mutatie.naam: mutatie for mutatie in LIJST}


def plant_in_api(naam: str | None) -> None:
    """In a child of the fork server, which ends with it."""
    if naam is not None and MUTATIES[naam].plek == "api":
        plant(MUTATIES[naam])


@contextmanager
def planted_in_client(naam: str | None) -> Iterator[None]:
    """In this process, for as long as the run lasts."""
    if naam is None or MUTATIES[naam].plek != "client":
        yield
        return
    take_out = plant(MUTATIES[naam])
    try:
        yield
    finally:
        take_out()
