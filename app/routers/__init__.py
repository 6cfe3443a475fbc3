"""The HTTP side: one module per resource. Every router in :data:`ROUTERS` hangs under ``/v1``."""

from app.routers.aanmeldingen import router as aanmeldingen
from app.routers.accounts import router as accounts
from app.routers.bijlagen import router as bijlagen
from app.routers.cijfers import router as cijfers
from app.routers.dienst import router as dienst
from app.routers.documentatie import router as documentatie
from app.routers.gezondheid import router as gezondheid
from app.routers.inzien import router as inzien
from app.routers.lezen import router as lezen
from app.routers.oauth import router as oauth
from app.routers.ophalen import router as ophalen
from app.routers.sessie import router as sessie
from app.routers.stock import router as stock
from app.routers.sync import router as sync
from app.routers.toestellen import router as toestellen
from app.routers.vastleggen import router as vastleggen

ROUTERS = (
    sync,
    documentatie,
    gezondheid,
    oauth,
    sessie,
    aanmeldingen,
    accounts,
    dienst,
    cijfers,
    ophalen,
    stock,
    bijlagen,
    lezen,
    inzien,
    toestellen,
    vastleggen,
)
"""Asked in this order: what phones ask most comes first."""
