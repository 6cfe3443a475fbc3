"""Let a device be approved, ordered and salvaged; keep codes, keys and what devices told."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # A device of before this version was approved by nobody: it waits, as folding its entries again would have it.
    op.add_column(
        "toestel", sa.Column("goedgekeurd", sa.Boolean(), nullable=False, server_default=sa.false()), schema="lees"
    )
    op.add_column("toestel", sa.Column("berging_tot", sa.DateTime(timezone=True), nullable=True), schema="lees")
    op.add_column(
        "toestel", sa.Column("ondertekent", sa.Boolean(), nullable=False, server_default=sa.false()), schema="lees"
    )
    op.add_column(
        "toestel",
        sa.Column("opdrachten", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"),
        schema="lees",
    )
    for name in ("goedgekeurd", "ondertekent", "opdrachten"):
        op.alter_column("toestel", name, server_default=None, schema="lees")
    op.create_table(
        "inschrijfcode",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("roltoewijzing", sa.Uuid(), nullable=False),
        sa.Column("omschrijving", sa.String(), nullable=False),
        sa.Column("door_functionaris", sa.Uuid(), nullable=False),
        sa.Column("door_roltoewijzing", sa.Uuid(), nullable=False),
        sa.Column("uitgegeven_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vervalt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("op", sa.Uuid(), nullable=True),
        sa.Column("toestel", sa.Uuid(), nullable=True),
        sa.Column("sleutel_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash"),
        schema="bedrijf",
    )
    op.create_index("inschrijfcode_vervalt_op", "inschrijfcode", ["vervalt_op"], unique=False, schema="bedrijf")
    op.create_table(
        "toestelsleutel",
        sa.Column("toestel", sa.Uuid(), nullable=False),
        sa.Column("sleutel_id", sa.String(length=43), nullable=False),
        sa.Column("punt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("toestel"),
        sa.UniqueConstraint("sleutel_id"),
        schema="bedrijf",
    )
    op.create_table(
        "toestel_stand",
        sa.Column("toestel", sa.Uuid(), nullable=False),
        sa.Column("verteld", sa.BigInteger(), nullable=True),
        sa.Column("app_versie", sa.String(), nullable=False),
        sa.Column("gezien_op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("toestel"),
        schema="bedrijf",
    )
    op.create_table(
        "opdracht_uitgevoerd",
        sa.Column("opdracht", sa.Uuid(), nullable=False),
        sa.Column("toestel", sa.Uuid(), nullable=False),
        sa.Column("uitgevoerd_op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("opdracht"),
        schema="bedrijf",
    )
    op.create_index("opdracht_uitgevoerd_toestel", "opdracht_uitgevoerd", ["toestel"], unique=False, schema="bedrijf")
    op.execute("REVOKE UPDATE, DELETE ON bedrijf.toestelsleutel FROM app")  # a key is never exchanged for another


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("opdracht_uitgevoerd_toestel", table_name="opdracht_uitgevoerd", schema="bedrijf")
    op.drop_table("opdracht_uitgevoerd", schema="bedrijf")
    op.drop_table("toestel_stand", schema="bedrijf")
    op.drop_table("toestelsleutel", schema="bedrijf")
    op.drop_index("inschrijfcode_vervalt_op", table_name="inschrijfcode", schema="bedrijf")
    op.drop_table("inschrijfcode", schema="bedrijf")
    for name in ("opdrachten", "ondertekent", "berging_tot", "goedgekeurd"):
        op.drop_column("toestel", name, schema="lees")
