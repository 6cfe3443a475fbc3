"""The words of the field, as closed lists. Values are what is stored and what goes over the wire."""

from enum import IntEnum, StrEnum


class Rol(StrEnum):
    """In which role somebody works; one roltoewijzing holds one."""

    BOA = "boa"
    WIJKAGENT = "wijkagent"
    PCT = "pct"
    AVIM = "avim"
    REGISSEUR = "regisseur"
    AANDACHTSFUNCTIONARIS = "aandachtsfunctionaris"
    BURGEMEESTER = "burgemeester"
    JURIST = "jurist"
    KETENPARTNER = "ketenpartner"
    FUNCTIONEEL_BEHEERDER = "functioneel_beheerder"


VELDROLLEN = frozenset({Rol.BOA, Rol.WIJKAGENT, Rol.PCT, Rol.REGISSEUR})
"""Who records at the door."""
POLITIEROLLEN = frozenset({Rol.WIJKAGENT, Rol.PCT, Rol.AVIM})


class OrganisatieSoort(StrEnum):
    """What kind of organisation takes part."""

    GEMEENTE = "gemeente"
    REGIO = "regio"
    POLITIE = "politie"
    KETENPARTNER = "ketenpartner"
    BEHEER = "beheer"


class Grondslag(StrEnum):
    """On what a roltoewijzing rests."""

    AANSTELLING = "aanstelling"
    AANWIJZING = "aanwijzing"
    AKTE = "akte"
    MANDAAT = "mandaat"
    INLEEN = "inleen"


class Hoedanigheid(StrEnum):
    """In which capacity an officer acts: with his organisation it decides the law. An earlier entry may not say it."""

    TOEZICHT = "toezicht"
    OPSPORING = "opsporing"
    OPENBARE_ORDE = "openbare_orde"
    VREEMDELINGENTOEZICHT = "vreemdelingentoezicht"
    ONBEKEND = "onbekend"


class Regime(StrEnum):
    """The law under which personal data are processed."""

    AVG = "AVG"
    WPG8 = "WPG8"
    WPG9 = "WPG9"
    WPG13 = "WPG13"


class Verwerkingsverantwoordelijke(StrEnum):
    """The controller in the sense of AVG or Wpg."""

    GEMEENTE = "gemeente"
    BURGEMEESTER = "burgemeester"
    COLLEGE = "college"
    KORPSCHEF = "korpschef"
    GEMEENTE_ALS_BOA_WERKGEVER = "gemeente_als_boa_werkgever"


class Kring(StrEnum):
    """Who may read an entry besides who takes part, before any role is asked: sealed with the law it stands under."""

    GEMEENTE = "gemeente"
    """the administration, and the partners of the controle"""
    POLITIE = "politie"
    OPSPORING = "opsporing"
    """the boa's of that municipality"""
    ONBEKEND = "onbekend"
    """the police, until one of them says in which capacity it was"""
    MENSENHANDEL = "mensenhandel"
    BEHEER = "beheer"


class Vertrouwelijkheid(StrEnum):
    """ZGW's eight levels, from open to very secret, in that order."""

    OPENBAAR = "openbaar"
    BEPERKT_OPENBAAR = "beperkt_openbaar"
    INTERN = "intern"
    ZAAKVERTROUWELIJK = "zaakvertrouwelijk"
    VERTROUWELIJK = "vertrouwelijk"
    CONFIDENTIEEL = "confidentieel"
    GEHEIM = "geheim"
    ZEER_GEHEIM = "zeer_geheim"


class Status(StrEnum):
    """The server's verdict on one operation (ontwerp/sync.md, "Verdicts"). The first four are ledger entries."""

    ACCEPTED = "accepted"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    DEFERRED = "deferred"
    REJECTED = "rejected"


class Code(StrEnum):
    """Why an operation got its status."""

    BASIS_GEWIJZIGD = "basis_gewijzigd"
    STAAT_VAST = "staat_vast"
    RECHT_ONTBREEKT = "recht_ontbreekt"
    SCHEMA_ONGELDIG = "schema_ongeldig"
    ONBEKENDE_SOORT = "onbekende_soort"
    REGEL_GESCHONDEN = "regel_geschonden"
    KENMERK_BESTAAT = "kenmerk_bestaat"
    ID_ANDERE_INHOUD = "id_andere_inhoud"
    VOLGNUMMER_DUBBEL = "volgnummer_dubbel"
    HANDTEKENING_ONGELDIG = "handtekening_ongeldig"
    ONDERWERP_ONBEKEND = "onderwerp_onbekend"
    NIET_CANONIEK = "niet_canoniek"
    NIET_VERWERKT = "niet_verwerkt"
    VOORGANGER_ONTBREEKT = "voorganger_ontbreekt"
    TE_GROOT = "te_groot"


class Vlag(StrEnum):
    """Remarks on an accepted operation; they refuse nothing."""

    KLOK_VERDACHT = "klok_verdacht"
    DATUM_ONWAARSCHIJNLIJK = "datum_onwaarschijnlijk"
    NAGEKOMEN = "nagekomen"
    NA_AFGELASTING = "na_afgelasting"
    TELT_NIET = "telt_niet"
    """its writer wrote down another count later, by the clock of his device: that one counts"""
    KETEN_GEBROKEN = "keten_gebroken"
    UIT_QUARANTAINE = "uit_quarantaine"


class Mediatype(StrEnum):
    """What may be attached."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"


class BijlageUitkomst(StrEnum):
    """What became of a file that arrived whole."""

    GEBONDEN = "gebonden"
    AFGEKEURD = "afgekeurd"


class Afkeuring(StrEnum):
    """Why a file that arrived is not what was promised. It is kept, apart."""

    ANDERE_HASH = "andere_hash"
    ANDERE_GROOTTE = "andere_grootte"
    ANDER_SOORT = "ander_soort"
    ONBEKEND_SOORT = "onbekend_soort"
    ONLEESBAAR = "onleesbaar"
    TE_VEEL_BEELDPUNTEN = "te_veel_beeldpunten"


class Sectie(StrEnum):
    """The part of an entry that is shown, and destroyed, as one (ontwerp/grootboek.md; this order is fixed)."""

    OMSLAG = "omslag"
    ZAAK = "zaak"
    TEKST = "tekst"
    PERSOON = "persoon"
    HULP = "hulp"
    MELDER = "melder"
    MENSENHANDEL = "mensenhandel"


class Groep(StrEnum):
    """A part of a document that others are shown than the section it lies in (ontwerp/toegang.md, "Parts")."""

    DEUR = "deur"
    """what one has to know before one rings: where, when last, and what came of it"""
    TELLING = "telling"
    """counts of one controle by region and age"""
    AANTALLEN = "aantallen"
    """how many persons per role, without telling who"""
    HULPAANTAL = "hulpaantal"
    """to how many persons help was offered"""
    HULPSOORTEN = "hulpsoorten"
    """to how many persons it was offered, however few, and to which help they were referred"""
    DOORGEGEVEN = "doorgegeven"
    """who was told of a bevinding: as secret as a sign of trafficking"""
    BEOORDELING = "beoordeling"
    """how officials judged what a partner reported or sent"""
    BESLUITVORMING = "besluitvorming"
    """how a measure came about and was carried on"""
    PLAATSAANDUIDING = "plaatsaanduiding"
    """where it is, in words: for whoever reads text, or has to find the place"""
    CANONIEK = "canoniek"
    """that an address was known before; others are shown the place that the writer named"""
    CORRECTIES = "correcties"
    """what was corrected or struck, by whom and why"""
    VERSCHILLEN = "verschillen"
    """versions about which nobody decided yet, and decided ones, as far as their sections are shown"""
    BESLECHTEN = "beslechten"
    """the same whole: for whoever decides"""


class Klasse(IntEnum):
    """The `k` of a leaf: all that a mirror of the ledger can tell entries apart by."""

    OPERATIE = 1
    CORRECTIE = 2
    VERNIETIGING = 3
    MENSEN = 4
    RECHTEN = 5
    ANKER = 6


class Platform(StrEnum):
    """What the app of a device runs on."""

    ANDROID = "android"
    IOS = "ios"
    WEB = "web"
    ANDERS = "anders"


class Aanmeldsoort(StrEnum):
    """What somebody is signed in with: an app that keeps tokens, or a browser that keeps a cookie."""

    APP = "app"
    BROWSER = "browser"


class Opdrachtsoort(StrEnum):
    """What a device can be told to do."""

    WISSEN = "wissen"
    OPNIEUW_OPHALEN = "opnieuw_ophalen"


class Vaststelling(StrEnum):
    """What can be said of what a device delivered."""

    ONTBREEKT = "ontbreekt"
    NIET_VAST_TE_STELLEN = "niet_vast_te_stellen"
    ALLES_AFGELEVERD = "alles_afgeleverd"


class SignaalBron(StrEnum):
    """Where a signaal comes from."""

    OVERLASTMELDING = "overlastmelding"
    ADVERTENTIE = "advertentie"
    MELD_MISDAAD_ANONIEM = "meld_misdaad_anoniem"
    POLITIE = "politie"
    KETENPARTNER = "ketenpartner"
    EIGEN_WAARNEMING = "eigen_waarneming"


class Overlastsoort(StrEnum):
    """What neighbours suffer."""

    VERKEERD_AANGEBELD = "verkeerd_aangebeld"
    AANLOOP = "aanloop"
    GELUID = "geluid"
    AANGESPROKEN = "aangesproken"
    VERVUILING = "vervuiling"
    DREIGING = "dreiging"


class Thema(StrEnum):
    """What a controle is held for. Where nobody said so it is the first: before it could be said, all were."""

    PROSTITUTIE = "prostitutie"
    """illegal prostitution, and trafficking"""
    ARBEIDSUITBUITING = "arbeidsuitbuiting"
    HENNEP = "hennep"
    WOONFRAUDE = "woonfraude"
    ANDERS = "anders"


class Cijfer(StrEnum):
    """The figures (`GET /v1/cijfers`), as they are called there."""

    CONTROLES = "controles"
    CONTROLES_PER_THEMA = "controlesPerThema"
    GECONTROLEERDE_PERSONEN = "gecontroleerdePersonen"
    PERSONEN_ILLEGALE_PROSTITUTIE = "personenIllegaleProstitutie"
    BEVINDINGEN_PER_CODE = "bevindingenPerCode"
    LOCATIES = "locaties"
    LOCATIES_PER_SOORT = "locatiesPerSoort"
    LAST_ONDER_DWANGSOM = "lastOnderDwangsom"
    LAST_ONDER_BESTUURSDWANG = "lastOnderBestuursdwang"
    OVERIGE_MAATREGELEN = "overigeMaatregelen"
    DWANGSOM_VERBEURD = "dwangsomVerbeurd"
    BESTUURSDWANG_TOEGEPAST = "bestuursdwangToegepast"
    SIGNALEN = "signalen"
    SIGNALEN_PER_BRON = "signalenPerBron"
    SIGNALEN_PER_OVERLASTSOORT = "signalenPerOverlastsoort"
    MENSENHANDELSIGNALEN = "mensenhandelsignalen"
    MENSENHANDELSIGNALEN_OVERGEDRAGEN = "mensenhandelsignalenOvergedragen"
    HULP_AANGEBODEN = "hulpAangeboden"
    HULP_PER_SOORT = "hulpPerSoort"
    ONBESLISTE_VERSCHILLEN = "onbeslisteVerschillen"


class LocatieSoort(StrEnum):
    """What the premises are."""

    WONING = "woning"
    BEDRIJFSPAND = "bedrijfspand"
    HOTEL = "hotel"
    SALON = "salon"
    VAKANTIEPARK = "vakantiepark"
    ANDERS = "anders"


class Bewoond(StrEnum):
    """Whether somebody actually lives there: it decides which rules on entering hold."""

    JA = "ja"
    NEE = "nee"
    ONBEKEND = "onbekend"


class BevindingCode(StrEnum):
    """What can be found: the list of 2023-01-01. A new list is a new version of the payload."""

    AANBOD_TEGEN_BETALING = "aanbod_tegen_betaling"
    VERGUNNINGCHECK = "vergunningcheck"
    WERKOMSTANDIGHEDEN = "werkomstandigheden"
    SLAAPPLEKKEN = "slaapplekken"
    VERBLIJF = "verblijf"
    DRUGS = "drugs"
    HENNEP = "hennep"
    HANDELSGOEDEREN = "handelsgoederen"
    GESTOLEN_GOEDEREN = "gestolen_goederen"
    ONVEILIG = "onveilig"
    ANDERS = "anders"


class Situatie(StrEnum):
    """What happened at the door."""

    NIEMAND_AANWEZIG = "niemand_aanwezig"
    TOEGANG_VERLEEND = "toegang_verleend"
    TOEGANG_GEWEIGERD = "toegang_geweigerd"


class PersoonRol(StrEnum):
    """The only thing recorded about a person found during a controle."""

    SEKSWERKER = "sekswerker"
    KLANT = "klant"
    EXPLOITANT = "exploitant"
    FACILITATOR = "facilitator"
    BEHEERDER = "beheerder"
    BEWONER = "bewoner"
    VERHUURDER = "verhuurder"
    ANDERS = "anders"


class Orgaan(StrEnum):
    """The competent administrative authority."""

    BURGEMEESTER = "burgemeester"
    COLLEGE = "college"


class MaatregelSoort(StrEnum):
    """What the competent authority imposes."""

    WAARSCHUWING = "waarschuwing"
    LAST_ONDER_DWANGSOM = "last_onder_dwangsom"
    LAST_ONDER_BESTUURSDWANG = "last_onder_bestuursdwang"
    SLUITINGSBEVEL = "sluitingsbevel"
    SPOEDEISENDE_BESTUURSDWANG = "spoedeisende_bestuursdwang"


class OvertredingSoort(StrEnum):
    """What a controle concluded."""

    ILLEGALE_PROSTITUTIE = "illegale_prostitutie"
    EXPLOITATIE_ZONDER_VERGUNNING = "exploitatie_zonder_vergunning"
    VERGUNNINGVOORSCHRIFT = "vergunningvoorschrift"
    ANDERS = "anders"


class Hulpsoort(StrEnum):
    """Where help comes from."""

    COMENSHA = "comensha"
    ZORGCOORDINATOR = "zorgcoordinator"
    VEILIG_THUIS = "veilig_thuis"
    OPVANG = "opvang"
    GGD = "ggd"
    SLACHTOFFERHULP = "slachtofferhulp"
    SCHULDHULP = "schuldhulp"
    VERSLAVINGSZORG = "verslavingszorg"
    UITSTAPPROGRAMMA = "uitstapprogramma"
    WOONGEMEENTE = "woongemeente"
    VRIJWILLIGE_TERUGKEER = "vrijwillige_terugkeer"
    ANDERS = "anders"


class Intrekkingsreden(StrEnum):
    """Why a device may no longer be used."""

    VERLOREN = "verloren"
    GESTOLEN = "gestolen"
    VERVANGEN = "vervangen"
    UIT_DIENST = "uit_dienst"
