"""The faults of docs/storm.md, as data: what the storm calls them, what is expected, and what is tried elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fout:
    """One fault: its number in the list, its names in the storm, what must follow, and where else it is tried."""

    nummer: int
    wat: str
    verwacht: str
    namen: tuple[str, ...] = ()
    elders: tuple[str, ...] = ()
    """test files, below tests/"""
    reden: str = ""
    """why the storm leaves it to others"""


FOUTEN = (
    Fout(1, "the same batch twice, one after the other", "all duplicates, with the first answer",
         ("dubbel_na_elkaar",)),
    Fout(2, "the same batch twice at once, on two connections", "one booked, one duplicate; no 5xx",
         ("dubbel_tegelijk",)),
    Fout(3, "operations and batches in another order", "all stored; gaps shown, then closed",
         ("omgekeerde_volgorde", "verlaat_verzoek")),
    Fout(4, "cut after the commit, before the answer", "the retry hears what was lost",
         ("verbroken_na_commit", "antwoord_afgekapt")),
    Fout(5, "cut before or in the body; gzip cut short", "nothing stored; the retry succeeds",
         ("verbroken_voor_ontvangst", "verbroken_halverwege", "gzip_afgekapt", "kapot_verzoek")),
    Fout(6, "kill -9 of the API", "wholly there or not at all; the head is free at once",
         ("api_gedood_voor_kop", "api_gedood_voor_commit", "api_gedood_na_commit", "api_gedood_geen",
          "api_gedood_bij_binden")),
    Fout(7, "immediate stop of PostgreSQL", "503; afterwards wholly there or not at all",
         ("postgres_gestopt_voor_kop", "postgres_gestopt_voor_commit", "postgres_gestopt_na_commit",
          "postgres_gestopt_geen")),
    Fout(8, "back to an older copy of the database", "a new epoch: push again, fetch all, nothing lost",
         ("teruggezet_naar_kopie",)),
    Fout(9, "many writers and a reader at once", "what was pulled is exactly what may be seen",
         ("gelijktijdig",)),
    Fout(10, "a writer that sits on the head", "a push waits two seconds, then 503",
         elders=("api/test_sync_storing.py",), reden="waits in real time, and the storm has its own"),
    Fout(11, "the clock of a phone days off, in 1970, jumping", "booked, marked; impossible dates do not count",
         ("toestelklok",)),
    Fout(12, "the clock of the server steps back", "cursors are positions: none twice, none skipped",
         ("serverklok_terug",)),
    Fout(13, "two phones correct the same field", "both kept, a hard difference", ("hard_verschil",)),
    Fout(14, "two phones correct different fields", "both kept, a soft difference", ("soft_verschil",)),
    Fout(15, "a known id with other content; a phone put back", "a branch in quarantine, once; both kept",
         ("zelfde_id_andere_inhoud", "toestel_uit_reservekopie")),
    Fout(16, "a device revoked in the middle of a session", "booked batches stand; the next request is refused",
         ("toestel_ingetrokken",)),
    Fout(17, "a role ends while the phone is offline", "kept in quarantine; what is not his leaves the phone",
         ("rol_beeindigd",)),
    Fout(18, "a role is given later", "everything that he may see now arrives", ("rol_gewijzigd",)),
    Fout(19, "masks change", "documents come again as they may be seen", ("rol_gewijzigd",)),
    Fout(20, "the token expires between two requests", "refresh, and on from the same place", ("token_verlopen",)),
    Fout(21, "one operation that cannot be read, among good ones", "it is quarantined with its code, they are booked",
         ("onleesbare_registratie",)),
    Fout(22, "too large", "413 with limits, halve; what never fits is kept and shown",
         ("te_grote_registratie", "kapot_verzoek")),
    Fout(23, "an attachment cut halfway", "resumed at its offset", ("verbroken_halverwege",),
         ("api/test_bijlage_upload.py", "api/test_bijlage_tus_js.py")),
    Fout(24, "a stale upload still open", "the newer wins",
         elders=("api/test_bijlage_upload.py", "api/test_bijlage_tus_js.py"),
         reden="a phone of the storm sends over one line"),
    Fout(25, "a flipped bit, a wrong hash", "refused or kept apart", ("bestand_andere_hash",),
         ("api/test_bijlage_binden.py", "api/test_bijlage_tus_js.py")),
    Fout(26, "attachment first, entry first, never", "bound in any order; the missing one is listed",
         ("bestand_eerst", "registratie_eerst", "bestand_nooit")),
    Fout(27, "a disk is full, of the database or of the files", "503 or 507; no promise that is not kept; it recovers",
         ("schijf_vol",), ("api/test_bijlage_opslag.py",)),
    Fout(28, "the storage of a phone runs out while it pulls", "the cursor stays where the content is",
         ("toestel_vol",)),
    Fout(29, "the app is killed in a local write", "wholly there or not at all, and no number lost", ("app_gedood",)),
    Fout(30, "an old app", "426 for a protocol that is gone, and it may deliver", ("oude_app",),
         ("api/test_sync_versies.py",)),
    Fout(31, "a newer app", "what is not known yet is kept whole", ("nieuwere_app",)),
    Fout(32, "one row per page, most rows not for this reader", "it ends, and nothing is missed",
         ("kleine_bladzijden",)),
    Fout(33, "a cursor that is too old, or not his", "push, fetch all", ("vreemde_cursor",)),
    Fout(34, "everybody comes back at once", "200, or come back later", ("herhaalstorm",),
         ("api/test_sync_drukte.py",)),
    Fout(35, "a captive portal says 200", "the phone keeps what it has", ("captive_portal",)),
    Fout(36, "events twice or out of order", "one more pull", elders=("api/test_sync_ophalen.py",),
         reden="an event carries nothing: it only makes a phone sync"),
    Fout(37, "an entry altered by an administrator", "the database refuses; what a superuser does is named",
         elders=("api/test_grootboek_database.py", "api/test_schade.py"), reden="no client can see it"),
    Fout(38, "a wipe order that is never fetched", "the app locks by itself; not built",
         reden="a policy of the app on the phone; the server only lists what it held"),
    Fout(39, "another user on a phone", "refused; what waits stays whose it is", ("ander_op_toestel",)),
    Fout(40, "any Unicode, NUL, surrogates, 2^53, fractions", "canonical, or quarantined with its exact bytes",
         ("onleesbare_registratie",), ("grootboek/test_canoniek.py",)),
)  # fmt: skip
NAMEN = frozenset(naam for fout in FOUTEN for naam in fout.namen)
"""Every name that the journal takes."""
