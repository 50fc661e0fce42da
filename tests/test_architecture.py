"""How the code hangs together: imports run one way, decisions touch nothing outside, and modules stay readable."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOT, ADAPTERS = (tuple(sorted((ROOT / part).rglob("*.py"))) for part in ("bot", "adapters"))
PURE = (
    "decide", "knowledge", "answer", "turn", "choose", "interpret", "messages", "render", "safety", "words", "receipt", "passages", "effective",
    "meaning", "officer.tokens", "officer.match", "officer.naming", "officer.rewrite", "officer.changes", "officer.spoken", "officer.report",
    "officer.columns", "officer.table", "officer.taking", "officer.applying", "officer.touched",
)  # fmt: skip
TRAINING = {"bot.understand.train", "bot.understand.blend", "bot.understand.tune", "bot.understand.tune_second"}
LEARNERS = {"sklearn", "scipy", "torch", "transformers", "onnx"}
OUTSIDE = {
    "asyncio", "ftplib", "glob", "http", "httpx", "io", "logging", "os", "pathlib", "random", "requests", "secrets", "shutil", "smtplib", "socket",
    "sqlite3", "subprocess", "sys", "tempfile", "time", "urllib", "uuid", "yaml", "zipfile",
}  # fmt: skip
TOUCHES = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
EVERYTHING = sorted(p for part in ("bot", "adapters", "bench", "chaos", "tests") for p in (ROOT / part).rglob("*.py"))
IGNORES = re.compile(r"#\s*(?:noqa|type: *ignore)\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])?")
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}
SPEAKS = {"bot.understand.blend", "bot.understand.tune", "bot.understand.tune_second"}


def name_of(path: Path) -> str:
    """`bot.understand.triage` for its file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def path_of(module: str) -> Path:
    """The file of a module of ours."""
    return ROOT / (module.replace(".", "/") + ".py")


def tree(path: Path) -> ast.Module:
    """A file as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, with `from bot import x` as `bot.x`."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            ours = {f"{module}.{alias.name}" for alias in node.names if is_module(f"{module}.{alias.name}")}
            found |= ours or {module}
    return found


def is_module(name: str) -> bool:
    """Whether this is a file or a folder of ours."""
    return path_of(name).exists() or (ROOT / name.replace(".", "/")).is_dir()


IMPORTS = {name_of(p): imported(p) for p in (*BOT, *ADAPTERS)}


def reached(module: str) -> set[str]:
    """Every module of ours that a module imports, directly or through others."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for one in IMPORTS.get(waiting.pop(), set()) - seen:
            if one.split(".")[0] in ("bot", "adapters"):
                seen.add(one)
                waiting.append(one)
    return seen


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Every call as (object, name): `open(…)` is ("", "open"), `date.today()` is ("date", "today")."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


def test_there_is_something_to_look_at() -> None:
    """The files are found, and imports are seen in them."""
    assert len(BOT) > 30 and len(ADAPTERS) >= 4
    assert "bot.decide" in IMPORTS["bot.turn"] and "bot.guide" in IMPORTS["adapters.terminal.cli"]


def test_the_bot_knows_no_adapter() -> None:
    """The engine runs without any of the places where people talk to it."""
    assert {m for m, found in IMPORTS.items() if m.startswith("bot") and any(f.startswith("adapters") for f in found)} == set()


def test_no_module_imports_itself_through_others() -> None:
    """Imports have no cycles."""
    assert {m for m in IMPORTS if m in reached(m)} == set()


@pytest.mark.parametrize("module", PURE)
def test_what_decides_and_words_touches_nothing_outside(module: str) -> None:
    """No file, network, chance, clock or log: the same in gives the same out."""
    path = path_of(f"bot.{module}")
    assert {m.split(".")[0] for m in IMPORTS[f"bot.{module}"]} & OUTSIDE == set()
    made = set(calls(path))
    assert {name for thing, name in made if not thing} & TOUCHES == set()
    assert made & CLOCKS == set()


def test_decisions_and_understanding_do_not_know_each_other() -> None:
    """Words are understood without knowing verdicts, and decided without knowing words: they meet above, in choose and turn."""
    understanding = {m for m in IMPORTS if m.startswith("bot.understand")}
    assert reached("bot.decide") & understanding == set()
    for module in understanding:
        assert reached(module) & {"bot.decide", "bot.answer", "bot.choose", "bot.turn", "bot.guide"} == set(), module
    assert "bot.decide" in reached("bot.turn") and understanding & reached("bot.turn")


def test_decide_knows_only_what_is_known() -> None:
    """Decisions rest on the types of knowledge and nothing else of ours; knowledge on nothing."""
    assert reached("bot.decide") == {"bot.knowledge"}
    assert reached("bot.knowledge") == set()


def test_nothing_that_runs_needs_what_trains() -> None:
    """scikit-learn, torch and their like are imported in train and tune only."""
    users = {m for m, found in IMPORTS.items() if {f.split(".")[0] for f in found} & LEARNERS}
    assert users <= TRAINING and users


def test_chat_platforms_are_imported_in_one_module_each() -> None:
    """What a vendor changes, changes in one place, and never in the engine."""
    for vendor in ("slack_bolt", "slack_sdk", "botbuilder", "botframework", "msal", "microsoft_agents"):
        users = [m for m, found in IMPORTS.items() if any(f.split(".")[0].startswith(vendor) for f in found)]
        assert len(users) <= 1 and not any(m.split(".")[0] == "bot" for m in users), vendor


@pytest.mark.parametrize("path", [*BOT, *ADAPTERS], ids=name_of)
def test_modules_are_short_documented_and_silent(path: Path) -> None:
    """At most 400 lines, a first sentence that says what it is, and `print` only where somebody reads it."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text))
    if path in BOT and name_of(path) not in SPEAKS:
        assert ("", "print") not in set(calls(path))


def unexplained(path: Path) -> Iterator[str]:
    """Where a file switches a check off, without a word why beside it."""
    text = path.read_text(encoding="utf-8")
    if "noqa" in text or "ignore" in text:  # reading its tokens takes longer
        for token in tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__):
            said, ignores = IGNORES.subn("", token.string) if token.type == tokenize.COMMENT else ("", 0)
            if ignores and not any(c.isalpha() for c in said):
                yield f"{path.relative_to(ROOT)}:{token.start[0]}"


def test_every_check_that_is_switched_off_has_its_reason_beside_it() -> None:
    """Whoever reads `noqa` or `type: ignore` need not guess."""
    assert [place for path in EVERYTHING for place in unexplained(path)] == []


@pytest.mark.parametrize(
    ("comment", "found"),
    [("noqa: S311", True), ("type: ignore[misc]", True), ("type: ignore[misc]  # mypy is wrong", False), ("noqa: S311, S105 - no secret", False)],
)
def test_a_bare_ignore_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, comment: str, found: bool) -> None:
    """And one with its reason is not."""
    monkeypatch.setattr("test_architecture.ROOT", tmp_path)
    (tmp_path / "it.py").write_text(f"x = 1  # {comment}\n", encoding="utf-8")
    assert list(unexplained(tmp_path / "it.py")) == (["it.py:1"] if found else [])
