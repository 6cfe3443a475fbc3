"""A document keeps to whom it is shut, by the law of its entries; until now by its capacity, its source, its place.

Nobody reads more or less by this: the scopes stay as they are.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CIRCLE = "jsonb_build_array(CASE WHEN doc ->> '{0}' = 'onbekend' THEN 'onbekend' ELSE 'politie' END)"
PLACED = ("controle", "signaal", "maatregel")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("locatie", "controle"):
        op.execute(
            f"UPDATE lees.{table} SET doc = doc || jsonb_build_object('_kringen', {CIRCLE.format('hoedanigheid')})"  # noqa: S608  # our own text
            " WHERE doc ->> 'hoedanigheid' <> 'toezicht'"
        )
    op.execute("""UPDATE lees.signaal SET doc = doc || '{"_kringen": ["politie"]}' WHERE doc ->> 'bron' = 'politie'""")
    for table in PLACED:
        circle = CIRCLE.format("_plaatsHoedanigheid")
        op.execute(
            f"UPDATE lees.{table} SET doc = (doc - '_plaatsHoedanigheid') ||"  # noqa: S608
            " CASE WHEN doc ->> '_plaatsHoedanigheid' = 'toezicht' THEN '{}'"
            f" ELSE jsonb_build_object('_plaatsKringen', {circle}) END"
            " WHERE doc ? '_plaatsHoedanigheid'"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in PLACED:
        op.execute(
            f"UPDATE lees.{table} SET doc = (doc - '_plaatsKringen') || jsonb_build_object('_plaatsHoedanigheid',"  # noqa: S608
            " CASE WHEN doc -> '_plaatsKringen' ? 'onbekend' THEN 'onbekend' ELSE 'opsporing' END)"
            " WHERE doc ? '_plaatsKringen'"
        )
    for table in ("locatie", "controle", "signaal"):
        op.execute(f"UPDATE lees.{table} SET doc = doc - '_kringen' WHERE doc ? '_kringen'")  # noqa: S608
