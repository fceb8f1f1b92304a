"""Runs inside Pyodide (see snapshot.mjs), in the `__main__` of the page to come: it leaves nothing there."""


def _import() -> None:
    import gc
    import pkgutil
    import sys
    from importlib import import_module, invalidate_caches

    # Before amplifier_core is imported.
    import_module("py_app.kernel").install()
    for package in map(import_module, ("py_app", "providers")):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # A shim is imported under the name of what it stands in for, a program is run.
            if not module.name.startswith("py_app.shims.") and not module.name.endswith(".__main__"):
                import_module(module.name)
    # Whoever starts Python puts it there again.
    sys.path.remove("")
    invalidate_caches()
    gc.collect()


_import()
del _import
