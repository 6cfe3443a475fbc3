"""A place that the police recorded without saying for what is theirs alone; an officer is known where he works.

Documents keep which place was named.
The scopes are narrowed here, so that nothing stays open until `veldboek herbouw`, which begins a new epoch: then
phones forget what they hold of it too. `signaal_plaats` finds what stands on a place that somebody names.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RECORDED = """
SELECT g.document AS id, convert_from(k.oordeel, 'UTF8')::jsonb ->> 'rol' AS rol,
       convert_from(k.omslag, 'UTF8')::jsonb -> 'onderwerp' ->> 'locatie' AS locatie
FROM lees.geschiedenis g JOIN grootboek.entry e USING (op) JOIN kluis.inhoud k USING (pos)
WHERE g.soort IN ('{soorten}') AND k.omslag IS NOT NULL
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    recorded = RECORDED.format(soorten="locatie.vastgelegd")
    op.execute(
        "UPDATE lees.locatie l SET doc = l.doc || jsonb_build_object('hoedanigheid',"  # noqa: S608  # our own text
        " CASE WHEN w.rol IN ('wijkagent', 'pct', 'avim') THEN 'onbekend' ELSE 'toezicht' END),"
        " sleutel = CASE WHEN w.rol IN ('wijkagent', 'pct', 'avim') THEN 'politie|' ELSE '' END || l.sleutel,"
        " scopes = CASE WHEN w.rol IN ('wijkagent', 'pct', 'avim')"
        " THEN array_replace(l.scopes, 'gebied:' || l.gemeente, 'politie:' || l.gemeente) ELSE l.scopes END"
        f" FROM ({recorded}) w WHERE w.id = l.id"
    )
    recorded = RECORDED.format(soorten="maatregel.voorgenomen', 'maatregel.opgelegd")
    op.execute(
        "UPDATE lees.maatregel m SET doc = m.doc || jsonb_build_object('_locatie', w.locatie)"  # noqa: S608
        f" FROM ({recorded}) w WHERE w.id = m.id AND w.locatie IS NOT NULL AND m.doc ? 'locatie'"
    )
    op.execute(
        "UPDATE lees.rapportage r SET doc = r.doc || jsonb_build_object('_locaties', ("
        "  SELECT coalesce(jsonb_agg(place ORDER BY first), '[]') FROM ("
        "    SELECT c.doc ->> '_locatie' AS place, min(named.n) AS first"
        "    FROM jsonb_array_elements_text(r.doc -> 'controles') WITH ORDINALITY AS named(id, n)"
        "    JOIN lees.controle c ON c.id = named.id::uuid WHERE c.doc ? '_locatie' GROUP BY 1) places))"
        " WHERE jsonb_typeof(r.doc -> 'controles') = 'array'"
    )
    op.execute(
        "UPDATE lees.rapportage SET doc = doc || jsonb_build_object('_locatie', doc -> '_locaties' -> 0)"
        " WHERE doc ? 'locatie' AND jsonb_array_length(doc -> '_locaties') > 0"
    )
    op.execute(
        "UPDATE lees.functionaris f SET doc = f.doc || jsonb_build_object('_gemeenten', to_jsonb(w.there)),"
        " scopes = array_remove(f.scopes, 'allen') || (SELECT array_agg('gebied:' || code) FROM unnest(w.there) code)"
        " FROM (SELECT functionaris, array_agg(DISTINCT code ORDER BY code) AS there"
        " FROM lees.roltoewijzing, unnest(gemeenten) code GROUP BY 1) w WHERE w.functionaris = f.id"
    )
    op.execute("UPDATE lees.functionaris SET scopes = array_remove(scopes, 'allen')")
    # what phones hold through the old scope is answered as any change of rights: revoked where nothing else shows it
    op.execute(
        "INSERT INTO lees.feed (scope, collectie, id, pos, op, gemeente, eerste)"
        " SELECT code, 'functionarissen', f.id, o.pos, o.op, NULL, o.eerste"
        " FROM lees.functionaris f JOIN lees.feed o ON o.id = f.id, unnest(f.scopes) code"
        " WHERE o.collectie = 'functionarissen' AND o.scope = 'allen' AND code LIKE 'gebied:%'"
    )
    op.execute(
        "INSERT INTO lees.feed (scope, collectie, id, pos, op, gemeente, eerste)"
        " SELECT 'politie:' || l.gemeente, 'locaties', l.id, o.pos, o.op, o.gemeente, o.eerste"
        " FROM lees.locatie l JOIN lees.feed o ON o.id = l.id AND o.scope = 'gebied:' || l.gemeente"
        " WHERE o.collectie = 'locaties' AND l.doc ->> 'hoedanigheid' = 'onbekend'"
    )
    op.execute(
        "UPDATE lees.feed o SET op = 'revoke' FROM lees.locatie l WHERE l.doc ->> 'hoedanigheid' = 'onbekend'"
        " AND o.id = l.id AND o.collectie = 'locaties' AND o.scope = 'gebied:' || l.gemeente"
    )
    op.execute("CREATE INDEX signaal_plaats ON lees.signaal ((doc ->> '_locatie'))")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX lees.signaal_plaats")
