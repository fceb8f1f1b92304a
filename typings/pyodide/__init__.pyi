"""The part of Pyodide's Python that we use; it is there in the browser only."""
