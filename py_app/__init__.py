"""The Python program that Pyodide runs: real Amplifier sessions behind one bridge to the page."""
