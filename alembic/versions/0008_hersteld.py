"""Let the owner open a new epoch after a restore: a ledger that went back must not number on under the old one.

Only the epoch, and only while size, root, frontier and name stay as they are. The API cannot: it may not write that
column. Safe at any time: the trigger is replaced in one statement.
"""

from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSE_HEAD = """
CREATE OR REPLACE FUNCTION grootboek.refuse_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {epoch}
    IF NEW.origin <> OLD.origin OR NEW.epoch <> OLD.epoch OR NEW.size <= OLD.size
       OR NEW.size <> (SELECT coalesce(max(pos), 0) FROM grootboek.entry) THEN
        RAISE EXCEPTION 'the head only moves forward, over entries' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
NEW_EPOCH = """
    IF NEW.epoch <> OLD.epoch AND (NEW.origin, NEW.size, NEW.root, NEW.frontier)
       = (OLD.origin, OLD.size, OLD.root, OLD.frontier) THEN
        RETURN NEW;
    END IF;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(REFUSE_HEAD.format(epoch=NEW_EPOCH))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(REFUSE_HEAD.format(epoch=""))
