"""Rules over the source: who writes, who reads the models, who knows python-jose, what never reaches a log."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
WRITERS = {
    f"app/services/{name}.py"
    for name in (
        "toegang/accounts", "toegang/aanmelden", "boeken/boek", "beheer/bootstrap", "kluis/feed", "beheer/herbouw",
        "kluis/toevoegen", "lezen/inzage", "sync/leesrechten", "kluis/setsql", "toegang/inschrijven",
        "toegang/toestellen", "boeken/voortgang", "vouwen/vouwer", "bijlagen/uploads", "bijlagen/ontvangen",
        "bijlagen/keuren", "bijlagen/binden", "toegang/pogingen", "rechten/aanmeldingen", "toegang/toegangscodes",
        "toegang/browsers", "bewaken/alarm", "beheer/leesproef", "beheer/nakijken",
    )
} | {
    "app/inrichten.py", "app/postgres.py", "app/kopie/bestanden.py", "app/kopie/resten.py",
    "app/kopie/terugzetten.py", "app/kopie/toegang.py",
}  # fmt: skip
"""Beside these nothing writes to PostgreSQL. The last six set a database up, before the application is there."""
WRITING = ("INSERT INTO ", "UPDATE ", "DELETE FROM ", "TRUNCATE ", "MERGE INTO ", "CREATE ", "ALTER ", "DROP ", "LOCK ")
WRITE_CALLS = {"add", "add_all", "merge", "delete", "bulk_save_objects", "insert", "update", "executemany"}
WRITE_OWNERS = {"session", "sqlalchemy", "sqlmodel", "raw"}
COLUMNS = {"doc", "scopes"}
LOGGERS = {"log", "logger", "logging", "structlog"}
LOG_FIELDS = {
    "method", "route", "status", "duration_ms", "exception", "where", "request_id", "code", "size", "soort",
    "upload", "tabel", "pid", "exitcode",
}  # fmt: skip
"""`tabel` is the name of one of ours, `upload` an id that the server drew: it names a file for who keeps the store."""


@cache
def sources(root: Path = APP) -> dict[str, ast.Module]:
    found = {str(path.relative_to(APP.parent)): ast.parse(path.read_text()) for path in sorted(root.rglob("*.py"))}
    assert len(found) > 60
    return found


def sql_writes(tree: ast.Module) -> Iterator[str]:
    """Statements in texts that change something; a docstring is not a statement."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            words = node.value.lstrip(" (")
            yield from [node.value[:40]] * any(words.startswith(verb) or f"({verb}" in words for verb in WRITING)


def orm_writes(tree: ast.Module) -> Iterator[str]:
    """`session.add(…)` and its like, and insert/update/delete taken from SQLAlchemy."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in WRITE_OWNERS and node.func.attr in WRITE_CALLS:
                yield f"{owner.id}.{node.func.attr}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in WRITE_OWNERS:
            yield from (alias.name for alias in node.names if alias.name in {"insert", "update", "delete"})


def model_columns(tree: ast.Module) -> Iterator[str]:
    """`Controle.doc`, `col(model.scopes)`: the columns of a document, off a class or something called a model."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in COLUMNS
            and isinstance(node.value, ast.Name | ast.Attribute)
        ):
            named = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if named[:1].isupper() or named.endswith("model"):
                yield f"{named}.{node.attr}"


def queries(tree: ast.Module) -> Iterator[str]:
    """Talking to the database at all."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            attr, owner = node.func.attr, node.func.value
            if attr in {"execute", "exec", "fetch", "fetchrow", "fetchval", "scalars", "scalar"}:
                yield f"{ast.unparse(owner)[:30]}.{attr}"


def jose_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name for name in names if name.split(".")[0] == "jose")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"__import__", "importlib.import_module"}:
            yield from ("dynamic" for arg in node.args if isinstance(arg, ast.Constant) and "jose" in str(arg.value))


def loose_logging(tree: ast.Module) -> Iterator[str]:
    """A log line is a fixed word with named fields from a short list: nothing is composed into it."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name) and owner.id in LOGGERS and node.func.attr in LOG_LEVELS:
            fixed = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
            fields = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
            if not fixed or not fields <= LOG_FIELDS:
                yield ast.unparse(node)[:60]


LOG_LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "msg"}


def logged(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.Name) and node.id in LOGGERS for node in ast.walk(tree))


def test_only_a_few_services_write() -> None:
    found = {path: [*sql_writes(tree), *orm_writes(tree)] for path, tree in sources().items()}
    writing = {path for path, what in found.items() if what}
    assert {
        "app/services/kluis/toevoegen.py",
        "app/services/kluis/setsql.py",
        "app/services/toegang/accounts.py",
    } <= writing
    assert writing <= WRITERS, {path: found[path] for path in writing - WRITERS}


def test_routers_and_dependencies_ask_services_and_never_the_database() -> None:
    edge = {path: tree for path, tree in sources().items() if "/routers/" in path or path.endswith("dependencies.py")}
    assert len(edge) > 6
    assert {path: list(queries(tree)) for path, tree in edge.items() if list(queries(tree))} == {}


def test_documents_are_read_through_one_door() -> None:
    found = {path: list(model_columns(tree)) for path, tree in sources().items()}
    reading = {path for path, what in found.items() if what}
    assert "app/services/lezen/lezen.py" in reading
    lists = {"app/services/lezen/lijsten.py", "app/services/lezen/vragen.py"}
    assert reading <= {"app/services/lezen/lezen.py", "app/services/sync/pull.py"} | lists, found
    for path in reading:
        assert any(ast.unparse(n.func) == "visible" for n in ast.walk(sources()[path]) if isinstance(n, ast.Call)), path


def test_one_module_knows_python_jose() -> None:
    root = APP.parent
    trees = sources() | {
        str(path.relative_to(root)): ast.parse(path.read_text())
        for path in (*(root / "alembic").rglob("*.py"), *(root / "app/demo").rglob("*.py"))
    }
    assert [path for path, tree in trees.items() if list(jose_imports(tree))] == ["app/access/tokens.py"]


def test_no_log_line_is_composed() -> None:
    trees = sources()
    assert sum(map(logged, trees.values())) > 2
    assert {path: list(loose_logging(tree)) for path, tree in trees.items() if list(loose_logging(tree))} == {}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (sql_writes, 'raw.execute("UPDATE lees.controle SET doc = $1")'),
        (sql_writes, 'raw.execute(f"DELETE FROM lees.{name}")'),
        (sql_writes, 'raw.execute("WITH x AS (INSERT INTO lees.feed VALUES (1)) SELECT 1")'),
        (orm_writes, "session.add(Inzage())"),
        (orm_writes, "from sqlalchemy import delete"),
        (orm_writes, "from sqlalchemy.dialects.postgresql import insert"),
        (model_columns, "select(col(Controle.doc))"),
        (model_columns, "select(collectie.model.scopes)"),
        (queries, "await (await session.connection()).execute(query)"),
        (jose_imports, "from jose import jwt"),
        (jose_imports, "import jose.jws"),
        (jose_imports, 'importlib.import_module("jose")'),
        (loose_logging, 'log.info(f"booked {inhoud}")'),
        (loose_logging, 'log.info("booked %s", inhoud)'),
        (loose_logging, 'log.info("booked", inhoud=inhoud)'),
    ],
)
def test_each_rule_can_fail(rule: object, code: str) -> None:
    assert callable(rule)
    assert list(rule(ast.parse(code)))


def test_what_a_process_shares_has_a_type() -> None:
    """On `app.state` one thing that is opened, and `session.info` is read in one place (`database.shared`).

    Broken: `app.state.pacer = Pacer(1)` in lifespan.py; `session.info["gedeeld"]` in boeken/overnieuw.py.
    """
    known, named, read = {"settings", "proces", "documentatie"}, set[str](), set[str]()
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("app.state"):
                named.add(node.attr)
            if isinstance(node, ast.Attribute) and node.attr == "info" and "session" in ast.unparse(node.value):
                read.add(path)
    assert named <= known, "the last is kept because it costs much to make"
    assert {"settings", "proces"} <= named
    assert read == {"app/database.py"}
