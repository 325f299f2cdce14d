"""`python -m imas.local.compiled`: build isaf/quick with Cython and the machine's C compiler."""

import os
import sys
import tempfile
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("isaf/quick")


def main() -> None:
    """Build every module of the compiled part beside its source; keep nothing else."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as room:
        sources = sorted(FOLDER.glob("*.pyx"))
        found = [
            Extension(".".join(path.with_suffix("").parts), [str(path)], extra_compile_args=["-O3"])
            for path in sources
        ]
        modules = cythonize(found, build_dir=room, force=True, quiet=True)  # type: ignore[no-untyped-call]
        setup(
            name="quick",
            packages=[],
            py_modules=[],
            ext_modules=modules,
            script_args=[
                *("--quiet", "build_ext", "--inplace"),
                *(f"--build-temp={room}", f"--build-lib={room}"),
            ],
        )


if __name__ == "__main__":
    try:
        main()
    except SystemExit as error:
        sys.exit(f"The compiled part was not built; a C compiler is needed. {error}")
