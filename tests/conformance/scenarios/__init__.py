"""Scenarios by subject: each public async function takes a Trace. They import no test tool."""
