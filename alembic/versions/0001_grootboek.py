"""Lay the ledger: append-only in the database, not just in the code.

An entry can be added behind the head and never changed, by no role: the triggers fire for the owner too. A
superuser can switch them off; only checkpoints held by others reveal that. Safe at any time: nothing was
here before.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE SCHEMA grootboek;
CREATE SCHEMA kluis;
CREATE SCHEMA lees;

CREATE TABLE grootboek.entry (
    pos bigint PRIMARY KEY CONSTRAINT entry_pos_positief CHECK (pos > 0),
    leaf bytea NOT NULL,
    leaf_hash bytea NOT NULL GENERATED ALWAYS AS (sha256('\\x00'::bytea || leaf)) STORED,
    op uuid NOT NULL GENERATED ALWAYS AS (
        encode(substring(leaf FROM position('"op":"'::bytea IN leaf) + 6 FOR 36), 'escape')::uuid
    ) STORED
);
CREATE UNIQUE INDEX entry_op ON grootboek.entry (op);

CREATE TABLE grootboek.head (
    een boolean PRIMARY KEY CONSTRAINT head_een_rij CHECK (een),
    origin varchar NOT NULL,
    epoch varchar NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    frontier bytea NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE kluis.inhoud (
    pos bigint PRIMARY KEY,
    omslag bytea, zaak bytea, tekst bytea, persoon bytea, hulp bytea, melder bytea, mensenhandel bytea,
    oordeel bytea, zouten bytea
);
"""

TRIGGERS = """
CREATE FUNCTION grootboek.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION grootboek.refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    low bigint; high bigint; many bigint; base bigint;
BEGIN
    SELECT min(pos), max(pos), count(*) INTO low, high, many FROM added;
    IF many = 0 THEN
        RETURN NULL;
    END IF;
    SELECT size INTO base FROM grootboek.head;
    IF base IS NULL OR low <> base + 1 OR high <> base + many THEN
        RAISE EXCEPTION 'entries do not follow the head' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION grootboek.refuse_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.origin <> OLD.origin OR NEW.epoch <> OLD.epoch OR NEW.size <= OLD.size
       OR NEW.size <> (SELECT coalesce(max(pos), 0) FROM grootboek.entry) THEN
        RAISE EXCEPTION 'the head only moves forward, over entries' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON grootboek.entry
    FOR EACH STATEMENT EXECUTE FUNCTION grootboek.refuse_change();
CREATE TRIGGER entry_gapless AFTER INSERT ON grootboek.entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION grootboek.refuse_gap();
CREATE TRIGGER head_forward BEFORE UPDATE ON grootboek.head
    FOR EACH ROW EXECUTE FUNCTION grootboek.refuse_head();
CREATE TRIGGER head_stays BEFORE DELETE OR TRUNCATE ON grootboek.head
    FOR EACH STATEMENT EXECUTE FUNCTION grootboek.refuse_change();
CREATE TRIGGER kluis_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kluis.inhoud
    FOR EACH STATEMENT EXECUTE FUNCTION grootboek.refuse_change();
"""

GRANTS = """
GRANT USAGE ON SCHEMA grootboek, kluis, lees, bedrijf TO app;
GRANT USAGE ON SCHEMA grootboek, kluis, lees TO herbouw;
GRANT SELECT, INSERT ON grootboek.entry, kluis.inhoud TO app;
GRANT SELECT, UPDATE (size, root, frontier) ON grootboek.head TO app;
GRANT SELECT ON grootboek.entry, grootboek.head, kluis.inhoud TO herbouw;
ALTER DEFAULT PRIVILEGES IN SCHEMA lees GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
ALTER DEFAULT PRIVILEGES IN SCHEMA lees GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO herbouw;
ALTER DEFAULT PRIVILEGES IN SCHEMA bedrijf GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for script in (TABLES, TRIGGERS, GRANTS):
        _run(script)


def _run(script: str) -> None:
    """One statement at a time: the driver prepares each, and function bodies hold semicolons."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if line.rstrip().endswith(";") and statement.count("$$") % 2 == 0:
            op.execute(statement)
            statement = ""


def downgrade() -> None:
    """Only an empty ledger can go back: the triggers refuse the rest, and that is the point."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM grootboek.entry) THEN"
        " RAISE EXCEPTION 'a ledger with entries is not dropped' USING ERRCODE = 'restrict_violation'; END IF; END $$"
    )
    op.execute("DROP SCHEMA lees, kluis, grootboek CASCADE")
