"""The values that our modules of one session share: their names on the coordinator (`get_capability`)."""

from __future__ import annotations

ENGINE = "alcove.engine"
"""The `Engine` of this tab (see `providers/engine.py`)."""

CHOSEN_SAMPLING = "alcove.sampling"
"""Sampling settings that the person chose for the conversation, by OpenAI's names, or None."""

VARIATION = "alcove.variation"
"""Sampling settings for one turn only, or None: a retry has to differ."""

PAGE = "alcove.page"
"""The session's part of the page: `Page` of `py_app/bridge.py`."""

PICTURES = "alcove.pictures"
"""The list of image blocks that the turn about to run takes along."""

GOING_ON = "alcove.going-on"
"""Whether the turn about to run adds no message of the person's: it goes on from what the context holds."""

OUTCOME = "alcove.outcome"
"""How the last turn ended: `Outcome` of `py_app/loop/outcome.py`."""

ANSWER_SCHEMA = "alcove.answer-schema"
"""The `Schema` (`py_app/json_schema.py`) that the answer of the turn about to run has to fit, or None."""

APPROVALS = "alcove.approvals"
"""Who allows tools: `Approver` of `py_app/approver.py`; those of a conversation's sessions ask one person."""

BUDGET = "alcove.budget"
"""What the turn that runs may still take: `TurnBudget` of `py_app/hooks/budget.py`."""

AGENT = "alcove.agent"
"""Whose session it is: `Agent` of `py_app/agents/agent.py`, None for a conversation's own."""

AGENTS = "alcove.agents"
"""The sub-agents that work for the session: `SubAgents` of `py_app/agents/sub_agents.py`."""

ACTIVITY = "alcove.activity"
"""The record of the conversation's events: `Activity` of `py_app/activity.py`."""

PROGRESS = "alcove.progress"
"""To be awaited when a sub-agent has said or done something that the transcript is to keep."""

FIGURES = "alcove.figures"
"""Pictures that tools drew for the person: image blocks by the id of the tool call."""

DOCUMENTS = "alcove.documents"
"""The documents that the conversation is about: `Attached` of `py_app/documents/attached.py`."""

PREPARE = "alcove.prepare"
"""What an agent's session, and each child of it, is prepared by before its modules are mounted."""

STEER = "session.steer"
"""Amplifier's own name: what the person says while a turn runs, `steer(message)`."""
