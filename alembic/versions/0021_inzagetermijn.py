"""Keep with controles the last day on which the team sees each other's work; say of what kind of entry a version is.

Read models only, and what folding again gives. Who takes part, and who coordinates, has a kind of scope of his own from
now on. Where help was offered, those who guide hear of it when `veldboek herbouw` folds it again.
"""

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("signaal", "locatie", "controle", "maatregel", "rapportage", "mensenhandelsignaal", "functionaris",
          "organisatie")  # fmt: skip
KIND = "(SELECT to_jsonb(g.soort) FROM lees.geschiedenis g WHERE g.op = (v ->> '{}')::uuid)"
OVER = {
    "correcties": KIND.format("registratie"),
    "verschillen": KIND.format("geldt"),
    "beslecht": "v #> CASE v #>> '{keuze,soort}' WHEN 'doorhaling' THEN '{verworpen,soort}'::text[]"
    " ELSE '{keuze,soort}' END",
}
"""Of what kind of entry each is: that decides who is shown it."""

TEAM = """
UPDATE lees.controle c SET scopes = (SELECT array_agg(DISTINCT s ORDER BY s) FROM (
    SELECT unnest(c.scopes) AS s
    UNION ALL SELECT 'team:' || (w ->> 'functionaris') FROM jsonb_array_elements(c.doc -> 'deelnemers') w
    UNION ALL SELECT 'coordinator:' || (c.doc ->> 'coordinator') WHERE c.doc ? 'coordinator') found)
WHERE c.doc ? 'deelnemers'
"""
"""Who takes part, and who coordinates."""
SEEN = """
UPDATE lees.mensenhandelsignaal m SET doc = m.doc
    || jsonb_build_object('_rol', convert_from(k.oordeel, 'utf8')::jsonb ->> 'rol', '_waargenomenOp',
        to_char((convert_from(k.omslag, 'utf8')::jsonb ->> 'waargenomenOp')::timestamptz AT TIME ZONE 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
FROM grootboek.entry e JOIN kluis.inhoud k USING (pos)
WHERE e.op = (m.doc ->> '_op')::uuid AND k.omslag IS NOT NULL
"""
"""When and by whom a sign of trafficking was seen."""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("controle", sa.Column("team_tot_en_met", sa.Date(), nullable=True), schema="lees")
    op.execute(
        "UPDATE lees.controle SET team_tot_en_met ="
        " ((doc ->> 'eindeOp')::timestamptz AT TIME ZONE 'Europe/Amsterdam')::date + 30 WHERE doc ? 'eindeOp'"
    )
    op.execute(TEAM)
    op.create_index("controle_team", "controle", ["team_tot_en_met"], schema="lees")
    op.execute(SEEN)
    for table in TABLES:
        for name, kind in OVER.items():
            op.execute(
                f"UPDATE lees.{table} SET doc = jsonb_set(doc, '{{{name}}}', (SELECT jsonb_agg(v ||"  # noqa: S608
                f" jsonb_build_object('over', {kind}) ORDER BY n) FROM jsonb_array_elements(doc -> '{name}')"
                f" WITH ORDINALITY AS e(v, n))) WHERE jsonb_array_length(doc -> '{name}') > 0"
            )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("controle_team", "controle", schema="lees")
    op.drop_column("controle", "team_tot_en_met", schema="lees")
