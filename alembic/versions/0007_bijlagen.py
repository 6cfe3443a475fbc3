"""Let files in: uploads that are under way or arrived, and an index from a file to what promised it.

Nothing of the ledger changes: that a file arrived is an entry like any other. The indexes on schema lees are
built under a lock that stops bookings for as long as it takes to read two tables.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bijlage", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("grootte", sa.BigInteger(), nullable=False),
        sa.Column("functionaris", sa.Uuid(), nullable=False),
        sa.Column("roltoewijzing", sa.Uuid(), nullable=False),
        sa.Column("staat", sa.String(), nullable=False),
        sa.Column("ontvangen", sa.BigInteger(), nullable=False),
        sa.Column("blokken", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("schrijver", sa.Uuid(), nullable=True),
        sa.Column("begonnen_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("laatst_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voltooid_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gemeten_sha256", sa.String(), nullable=True),
        sa.Column("mediatype", sa.String(), nullable=True),
        sa.Column("afkeuring", sa.String(), nullable=True),
        sa.Column("op", sa.Uuid(), nullable=False),
        sa.Column("aggregaat", sa.String(), nullable=True),
        sa.Column("document", sa.Uuid(), nullable=True),
        sa.Column("uitkomst", sa.String(), nullable=True),
        sa.Column("geboekt", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="bedrijf",
    )
    op.create_index(
        "upload_een_per_bestand",
        "upload",
        ["functionaris", "bijlage", "sha256"],
        unique=True,
        schema="bedrijf",
        postgresql_where=sa.text("staat IN ('bezig', 'compleet')"),
    )
    op.create_index(
        "upload_te_boeken",
        "upload",
        ["id"],
        unique=False,
        schema="bedrijf",
        postgresql_where=sa.text("NOT geboekt AND staat IN ('compleet', 'afgekeurd')"),
    )
    op.create_index("upload_bijlage", "upload", ["bijlage"], unique=False, schema="bedrijf")
    for table in ("controle", "signaal"):
        op.create_index(
            f"{table}_bijlagen",
            table,
            [sa.text("(doc -> 'bijlagen')")],
            unique=False,
            schema="lees",
            postgresql_using="gin",
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("controle", "signaal"):
        op.drop_index(f"{table}_bijlagen", table_name=table, schema="lees", postgresql_using="gin")
    op.drop_table("upload", schema="bedrijf")
