"""Lay the operational tables: accounts, outcomes of operations, the access log."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "aanmeldpoging",
        sa.Column("naam_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mislukt", sa.Integer(), nullable=False),
        sa.Column("laatst_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("geblokkeerd_tot", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("naam_hash"),
        schema="bedrijf",
    )
    op.create_index("aanmeldpoging_laatst_op", "aanmeldpoging", ["laatst_op"], unique=False, schema="bedrijf")
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gebruikersnaam", sa.String(length=64), nullable=False),
        sa.Column("wachtwoord_hash", sa.String(), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("roltoewijzing", sa.Uuid(), nullable=True),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("gebruikersnaam"),
        schema="bedrijf",
    )
    op.create_index(
        op.f("ix_bedrijf_account_functionaris"), "account", ["functionaris"], unique=False, schema="bedrijf"
    )
    op.create_table(
        "inzage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("roltoewijzing", sa.Uuid(), nullable=False),
        sa.Column("toestel", sa.Uuid(), nullable=True),
        sa.Column("hulpbron", sa.String(), nullable=False),
        sa.Column("object", sa.Uuid(), nullable=False),
        sa.Column("veldklasse", sa.String(), nullable=False),
        sa.Column("toelichting", sa.String(), nullable=False),
        sa.Column("beleidsversie", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="bedrijf",
    )
    op.create_index("inzage_object", "inzage", ["object", "op"], unique=False, schema="bedrijf")
    op.create_table(
        "sync_op",
        sa.Column("op", sa.Uuid(), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("toestel", sa.Uuid(), nullable=True),
        sa.Column("device_seq", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("pos", sa.BigInteger(), nullable=True),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=True),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("botst_met", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("op"),
        schema="bedrijf",
    )
    op.create_index("sync_op_botst_met", "sync_op", ["botst_met"], unique=False, schema="bedrijf")
    op.create_index("sync_op_toestel_seq", "sync_op", ["toestel", "device_seq"], unique=False, schema="bedrijf")
    op.create_table(
        "toestel_voortgang",
        sa.Column("toestel", sa.Uuid(), nullable=False),
        sa.Column("aaneengesloten", sa.BigInteger(), nullable=False),
        sa.Column("los", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("toestel"),
        schema="bedrijf",
    )
    op.create_table(
        "aanmelding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("roltoewijzing", sa.Uuid(), nullable=False),
        sa.Column("toestel", sa.Uuid(), nullable=True),
        sa.Column("begonnen_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("laatst_gebruikt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("huidig_hash", sa.LargeBinary(), nullable=False),
        sa.Column("vorig_hash", sa.LargeBinary(), nullable=True),
        sa.Column("ingetrokken_op", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"],
            ["bedrijf.account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="bedrijf",
    )
    op.create_index("aanmelding_account", "aanmelding", ["account"], unique=False, schema="bedrijf")
    op.execute("REVOKE UPDATE, DELETE ON bedrijf.inzage FROM app")  # who looked stays written


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("aanmelding_account", table_name="aanmelding", schema="bedrijf")
    op.drop_table("aanmelding", schema="bedrijf")
    op.drop_table("toestel_voortgang", schema="bedrijf")
    op.drop_index("sync_op_toestel_seq", table_name="sync_op", schema="bedrijf")
    op.drop_index("sync_op_botst_met", table_name="sync_op", schema="bedrijf")
    op.drop_table("sync_op", schema="bedrijf")
    op.drop_index("inzage_object", table_name="inzage", schema="bedrijf")
    op.drop_table("inzage", schema="bedrijf")
    op.drop_index(op.f("ix_bedrijf_account_functionaris"), table_name="account", schema="bedrijf")
    op.drop_table("account", schema="bedrijf")
    op.drop_index("aanmeldpoging_laatst_op", table_name="aanmeldpoging", schema="bedrijf")
    op.drop_table("aanmeldpoging", schema="bedrijf")
