"""Keep per municipality whether it may keep rows about persons; give each overtreding an id; keep each writer's count.

Read models only, and nearly what folding again gives: whether an overtreding named everybody or some of them is guessed
here by whom it named, and `veldboek herbouw` reads it from the entry.
"""

import json
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CONCLUDED = (
    "SELECT id, doc::text AS doc FROM lees.controle WHERE doc ?| ARRAY['overtredingen', 'verschillen', 'beslecht']"
)
GIVE = "UPDATE lees.controle SET doc = CAST(:new AS jsonb) WHERE id = :id"
COUNTED = """
UPDATE lees.controle SET doc = doc - 'telling' || jsonb_build_object('tellingen', jsonb_build_array(
    CASE WHEN doc #> '{telling,hulp}' IS NULL THEN doc -> 'telling'
    ELSE (doc -> 'telling') - 'hulp' || jsonb_build_object('hulpPerSoort', doc #> '{telling,hulp}') END))
WHERE doc ? 'telling'
"""
PLAATS = [str(uuid5(NAMESPACE_OID, f"overtreding {n}")) for n in range(50)]


def _given(old: list[dict]) -> list[dict]:
    """What an entry of before said, as it is read now: in its place, without who was meant by all."""
    return [
        {
            "id": PLAATS[n],
            "soort": each["soort"],
            "bevindingen": each.get("bevindingen", []),
            **({"alleen": each["personen"]} if each["personen"] != "alle" else {}),
        }
        for n, each in enumerate(old)
    ]


def _read_anew(doc: dict) -> dict:
    """The versions that are shown beside what holds, as the newest version says it."""
    told = [*doc.get("verschillen", ()), *(s[n] for s in doc.get("beslecht", ()) for n in ("keuze", "verworpen"))]
    for inhoud in (version["inhoud"] for version in told if "inhoud" in version):
        if any("personen" in each for each in inhoud.get("overtredingen", ())):
            inhoud["overtredingen"] = _given(inhoud["overtredingen"])
        if "hulp" in inhoud:
            inhoud["hulpPerSoort"] = inhoud.pop("hulp")
    return doc


def _overtreding(n: int, old: dict, doc: dict) -> dict:
    end, everybody = doc["afronding"], {wie["id"] for wie in doc.get("personen", ())}
    named = set(old.get("personen", ()))
    return {
        "id": str(uuid5(UUID(end["op"]), str(n))),
        "soort": old["soort"],
        "bevindingen": old["bevindingen"],
        **({"alleen": old["personen"]} if named and named != everybody else {}),
        **end,
    }


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "grondslagbijzonder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gemeente", sa.String(length=6), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(), nullable=False),
        sa.Column("gemeentecode", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="lees",
    )
    op.create_index("grondslagbijzonder_gemeente", "grondslagbijzonder", ["gemeentecode"], schema="lees")
    op.execute(COUNTED)
    connection = op.get_bind()
    for row in connection.execute(sa.text(CONCLUDED)).mappings().all():
        doc = _read_anew(json.loads(row["doc"]))
        if "overtredingen" in doc:
            doc["overtredingen"] = [_overtreding(n, old, doc) for n, old in enumerate(doc["overtredingen"])]
        connection.execute(sa.text(GIVE), {"id": row["id"], "new": json.dumps(doc)})


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("grondslagbijzonder", schema="lees")
