"""Runs a module on one core: `python -m bench.pinned CORE MODULE ARGUMENT…`."""

import os
import runpy
import sys

if __name__ == "__main__":
    _, core, module, *arguments = sys.argv
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
