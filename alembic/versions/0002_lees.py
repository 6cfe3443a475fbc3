"""Lay the read models: what is folded from the ledger, droppable at any time."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "attendering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "cijferfeit",
        sa.Column("document", sa.Uuid(), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("maatstaf", sa.String(), nullable=False),
        sa.Column("gemeente", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("aantal", sa.Integer(), nullable=False),
        sa.Column("bedrag", sa.BigInteger(), nullable=False),
        sa.Column("kenmerk", sa.String(), nullable=False),
        sa.Column("locatie", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("document", "volgnummer"),
        schema="lees",
    )
    op.create_index("cijferfeit_gemeente_datum", "cijferfeit", ["gemeente", "datum"], unique=False, schema="lees")
    op.create_table(
        "controle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("locatie", sa.Uuid(), nullable=True),
        sa.Column("datum", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_index("controle_locatie", "controle", ["locatie"], unique=False, schema="lees")
    op.create_table(
        "feed",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("collectie", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "collectie", "id"),
        schema="lees",
    )
    op.create_index("feed_volgorde", "feed", ["scope", "collectie", "pos"], unique=False, schema="lees")
    op.create_table(
        "functionaris",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "geschiedenis",
        sa.Column("op", sa.Uuid(), nullable=False),
        sa.Column("aggregaat", sa.String(), nullable=False),
        sa.Column("document", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("op"),
        schema="lees",
    )
    op.create_index("geschiedenis_document", "geschiedenis", ["document"], unique=False, schema="lees")
    op.create_table(
        "locatie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sleutel", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("canoniek", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_index("locatie_sleutel", "locatie", ["sleutel", "id"], unique=False, schema="lees")
    op.create_table(
        "maatregel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.Column("locatie", sa.Uuid(), nullable=True),
        sa.Column("opgelegd_op", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_index("maatregel_locatie", "maatregel", ["locatie"], unique=False, schema="lees")
    op.create_table(
        "mensenhandelsignaal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "ontvangst",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "organisatie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "rapportage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("soort", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "roltoewijzing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("rol", sa.String(), nullable=False),
        sa.Column("organisatie", sa.Uuid(), nullable=False),
        sa.Column("gemeenten", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("van", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tot", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_index("roltoewijzing_functionaris", "roltoewijzing", ["functionaris"], unique=False, schema="lees")
    op.create_table(
        "signaal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bron", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_table(
        "toestel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("ingetrokken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("toestel", schema="lees")
    op.drop_table("signaal", schema="lees")
    op.drop_index("roltoewijzing_functionaris", table_name="roltoewijzing", schema="lees")
    op.drop_table("roltoewijzing", schema="lees")
    op.drop_table("rapportage", schema="lees")
    op.drop_table("organisatie", schema="lees")
    op.drop_table("ontvangst", schema="lees")
    op.drop_table("mensenhandelsignaal", schema="lees")
    op.drop_index("maatregel_locatie", table_name="maatregel", schema="lees")
    op.drop_table("maatregel", schema="lees")
    op.drop_index("locatie_sleutel", table_name="locatie", schema="lees")
    op.drop_table("locatie", schema="lees")
    op.drop_index("geschiedenis_document", table_name="geschiedenis", schema="lees")
    op.drop_table("geschiedenis", schema="lees")
    op.drop_table("functionaris", schema="lees")
    op.drop_index("feed_volgorde", table_name="feed", schema="lees")
    op.drop_table("feed", schema="lees")
    op.drop_index("controle_locatie", table_name="controle", schema="lees")
    op.drop_table("controle", schema="lees")
    op.drop_index("cijferfeit_gemeente_datum", table_name="cijferfeit", schema="lees")
    op.drop_table("cijferfeit", schema="lees")
    op.drop_table("attendering", schema="lees")
