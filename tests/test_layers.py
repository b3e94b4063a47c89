"""The layers: who may import whom, and that the costly libraries stay out where they are not needed."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import adir_desktop

PACKAGE = Path(adir_desktop.__file__).parent
ROOT = PACKAGE.parent
FILES = sorted(PACKAGE.rglob("*.py")) + sorted((ROOT / "index_tools").rglob("*.py"))
LONGEST = 400  # lines; about 300 is meant

BASE = {
    "adir_desktop",
    "contract",
    "errors",
    "files",
    "interrupt",
    "kernels",
    "model_info",
    "places",
    "plain",
    "searches",
    "tasks",
}
MAY_IMPORT = {  # layer -> layers below it
    "base": {"base"},
    "settings": {"base", "settings"},
    "engine": {"base", "engine"},
    "ui": {"base", "settings", "ui"},
    "cli": {"base", "settings", "engine", "cli"},
    "main": {"base", "settings", "engine", "cli", "ui"},
    "index_tools": {"base", "engine", "cli", "index_tools"},
}
FORBIDDEN = {  # layer -> libraries that it never imports, late or early
    "base": {"torch", "PySide6", "diffusers", "peft", "open_clip", "typer", "rich"},
    "settings": {"torch", "PySide6", "diffusers", "peft", "open_clip", "typer", "rich"},
    "engine": {"PySide6", "typer", "rich"},
    "ui": {
        "torch",
        "torchvision",
        "diffusers",
        "peft",
        "open_clip",
        "usearch",
        "safetensors",
        "typer",
        "rich",
    },
    "cli": {"torch", "torchvision", "PySide6", "diffusers", "peft", "open_clip", "usearch"},
    "main": {"torch", "PySide6"},
    "index_tools": {"PySide6"},
}
NETWORK = {"urllib.request", "urllib3", "http.client", "requests", "httpx", "aiohttp", "socket", "ftplib"}
STORE = "adir_desktop.engine.store."  # these fetch models when a person asks
MAY_FETCH = {f"{STORE}network", f"{STORE}transfer", f"{STORE}fetch"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "index_tools":
        return "index_tools"
    name = parts[1] if len(parts) > 1 else "adir_desktop"
    if name in BASE:
        return "base"
    if name == "__main__":
        return "main"
    return "cli" if name.startswith("cli") else name


def imports(path: Path) -> list[tuple[str, bool]]:
    """Every module that a file imports, and whether it does so late, inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {id(node) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for node in ast.walk(f)}
    typing_only = {id(node) for test in ast.walk(tree) if _is_type_checking(test) for node in ast.walk(test)}
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in late) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found += [(f"{node.module}.{alias.name}", id(node) in late) for alias in node.names]
    return found


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in ("adir_desktop", "index_tools")


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_point_down(path: Path) -> None:
    module = module_name(path)
    allowed = MAY_IMPORT[layer(module)]
    for imported, late in imports(path):
        if not ours(imported):
            continue
        target = "base" if imported == "adir_desktop.__version__" else layer(imported)
        # the one place that wires the engine into the window, inside the functions it hands down
        if module == "adir_desktop.ui.engine_port" and target == "engine" and late:
            continue
        assert target in allowed, f"{module} imports {imported}"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_libraries_stay_in_their_layer(path: Path) -> None:
    module = module_name(path)
    for imported, _ in imports(path):
        assert imported.split(".")[0] not in FORBIDDEN[layer(module)], f"{module} imports {imported}"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_nothing_reaches_for_the_network(path: Path) -> None:
    if module_name(path) in MAY_FETCH:
        return
    for imported, _ in imports(path):
        assert not any(imported == name or imported.startswith(f"{name}.") for name in NETWORK), imported


@pytest.mark.parametrize(
    "path", [p for p in FILES if "cli" in p.stem or p.stem == "__main__"], ids=module_name
)
def test_the_command_line_imports_the_engine_late(path: Path) -> None:
    early = [
        name for name, late in imports(path) if ours(name) and layer(name) in ("engine", "ui") and not late
    ]
    assert early == []


def test_dask_is_imported_late_and_only_to_build_with_it() -> None:
    """It is an extra: whatever else index_tools does works without it."""
    found = {
        (layer(module_name(path)), late)
        for path in FILES
        for name, late in imports(path)
        if name.split(".")[0] in ("dask", "distributed")
    }
    assert found == {("index_tools", True)}


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_modules_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_every_module_belongs_to_a_layer() -> None:
    assert {layer(module_name(path)) for path in FILES} <= set(MAY_IMPORT)


def loaded_after(statements: str) -> set[str]:
    """The top-level packages that a fresh process has loaded after these statements."""
    script = f"import json, sys\n{statements}\nprint(json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}})))"
    command = [sys.executable, "-c", script]
    env = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=True)
    return set(json.loads(result.stdout.splitlines()[-1]))


def modules_of(folder: str) -> str:
    names = [module_name(path) for path in FILES if module_name(path).startswith(f"adir_desktop.{folder}")]
    assert names
    return "\n".join(f"import {name}" for name in names)


def test_the_window_loads_no_torch() -> None:
    loaded = loaded_after(
        modules_of("ui") + "\nassert not [n for n in sys.modules if n.startswith('adir_desktop.engine')]"
    )
    assert "PySide6" in loaded
    assert not loaded & {"torch", "torchvision", "diffusers", "transformers", "open_clip", "peft"}


@pytest.mark.slow
def test_the_engine_loads_no_qt() -> None:
    loaded = loaded_after(modules_of("engine"))
    assert "torch" in loaded
    assert not {name for name in loaded if name.startswith(("PySide", "shiboken", "PyQt"))}
    assert not loaded & {"typer", "rich_click"}


def test_the_command_lines_help_loads_neither() -> None:
    loaded = loaded_after("from adir_desktop.__main__ import main\nassert main(['restore', '--help']) == 0")
    assert "typer" in loaded
    assert not loaded & {"torch", "torchvision", "diffusers", "transformers", "open_clip", "peft", "PySide6"}


def test_the_base_is_light() -> None:
    names = [*sorted(BASE - {"adir_desktop"}), "settings"]
    loaded = loaded_after("\n".join(f"import adir_desktop.{name}" for name in names))
    assert not loaded & {"torch", "PySide6", "PIL", "typer", "rich"}


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "ui"], ids=module_name)
def test_the_windows_classes_are_small(path: Path) -> None:
    """About a dozen verbs, and under 300 lines; names with capitals are Qt's own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            assert node.end_lineno - node.lineno < 300, node.name
            verbs = [
                part.name
                for part in node.body
                if isinstance(part, ast.FunctionDef)
                and not part.name.startswith("_")
                and part.name.islower()
                and not any(getattr(one, "id", "") == "property" for one in part.decorator_list)
            ]
            assert len(verbs) <= 14, (node.name, verbs)
