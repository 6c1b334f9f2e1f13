"""Imports go one way: a room may use what stands below it, never what stands above."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def core(*names: str) -> set[str]:
    return {f"diffusion_core.{name}" for name in names}


# From the ground up. A room is a module or a package; rooms on one floor may use each other.
FLOORS = [
    core("attention", "meaning", "nn", "particles", "schedules", "intervals", "shipped", "sibling", "spread", "world"),
    core("process"),
    core("denoiser"),
    core("guidance", "samplers"),
    core("editing", "latent"),
    core("checkpoints", "feed", "frozen", "judge", "metrics", "mistakes", "model", "pool", "probing", "recovery",
         "training", "training_step"),
    core("agreement", "blend", "courses", "engine", "engine_process", "evaluate", "flights", "growth", "jobs",
         "judge_training", "memory", "passes", "posts", "questions", "remote", "sample", "tickets", "train", "turns"),
    {"lessons.shared", "lessons.catalog"},
    {"lessons"},
    {"app"},
]  # fmt: skip
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(p for top in ("diffusion_core", "lessons") for p in (ROOT / top).rglob("*.py"))
FILES += [ROOT / "app.py"] if (ROOT / "app.py").exists() else []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    """The innermost room that the module stands in: lessons.shared.studio → lessons.shared."""
    parts = module.split(".")
    return next((r for n in range(len(parts), 0, -1) if (r := ".".join(parts[:n])) in FLOOR), None)


def imports_in(source: str, package: str) -> Iterator[str]:
    """Every module that the source names in an import, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *filter(None, [node.module])])
            # from diffusion_core import engine names a module, from … import Run does not: both are tried
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_of(path: Path) -> set[str]:
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    return set(imports_in(path.read_text(), package))


def wrong_way(module: str, imported: set[str]) -> list[str]:
    here = FLOOR.get(room_of(module), 0)
    return sorted(name for name in imported if FLOOR.get(room_of(name), 0) > here)


def outsiders(imported: set[str], *packages: str) -> list[str]:
    return sorted(name for name in imported if name.split(".")[0] in packages)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_go_down(path: Path) -> None:
    module, imported = module_of(path), imports_of(path)
    assert module == "diffusion_core" or room_of(module), f"put {module} on a floor in {Path(__file__).name}"
    assert not wrong_way(module, imported)
    if module.startswith("diffusion_core"):
        assert not outsiders(imported, "streamlit", "plotly"), "the core knows nothing of pages"
    elif room_of(module) == "lessons":
        assert not outsiders(imported, "torch", "diffusion_core"), "a lesson asks the studio"


@pytest.mark.parametrize("light", ["attention", "meaning", "particles", "schedules"])
def test_light_rooms_load_without_torch(light: str) -> None:
    assert not any(
        isinstance(node, ast.Import) and node.names[0].name == "torch"
        for node in ast.parse((ROOT / f"diffusion_core/{light}.py").read_text()).body
    )


def test_a_wrong_import_is_caught() -> None:
    def found(module: str, source: str) -> list[str]:
        return wrong_way(module, set(imports_in(source, module.rpartition(".")[0])))

    assert found("diffusion_core.process", "from diffusion_core.samplers import Run")
    assert found("diffusion_core.process", "from diffusion_core import samplers")
    assert found("diffusion_core.process", "def f():\n    from .samplers import Run")
    assert found("diffusion_core.nn.unet", "import diffusion_core.engine")
    assert found("lessons.shared.studio", "from lessons.forward import page")
    assert found("diffusion_core.engine", "import lessons.shared.studio")
    assert not found("lessons.forward", "from lessons.shared.studio import ask")
    assert not found("diffusion_core.engine", "from diffusion_core.samplers import Run\nimport numpy")
    assert outsiders(set(imports_in("from streamlit import title", "")), "streamlit")
