"""Reason and act: a model thinks, calls tools, looks at what came back, and answers."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from app.agents.tools import Toolbox, ToolError

Model = Callable[[list[str]], Awaitable[str]]
ACTION = re.compile(r"^Action:\s*(\w+)\s*(\{.*\})?\s*$", re.MULTILINE)
ANSWER = re.compile(r"^Answer:\s*(.+)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Thought:
    """What a model's reply asks for: an answer, a tool, or neither."""

    answer: str = ""
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


def read(reply: str) -> Thought:
    if found := ANSWER.search(reply):
        return Thought(answer=found.group(1).strip())
    if found := ACTION.search(reply):
        try:
            return Thought(tool=found.group(1), arguments=json.loads(found.group(2) or "{}"))
        except json.JSONDecodeError:
            return Thought()
    return Thought()


class ReactLoop:
    def __init__(self, model: Model, toolbox: Toolbox, *, max_turns: int = 5) -> None:
        self.model, self.toolbox, self.max_turns = model, toolbox, max_turns
        self.transcript: list[str] = []

    async def run(self, question: str) -> str:
        self.transcript = [f"Question: {question}"]
        for _ in range(self.max_turns):
            reply = await self.model(self.transcript)
            self.transcript.append(reply)
            thought = read(reply)
            if thought.answer:
                return thought.answer
            self.transcript.append(f"Observation: {await self._observe(thought)}")
        raise TimeoutError(f"no answer after {self.max_turns} turns")

    async def _observe(self, thought: Thought) -> str:
        if not thought.tool:
            return "write `Action: tool {arguments}` or `Answer: text`"
        try:
            return str(await self.toolbox.call(thought.tool, thought.arguments))
        except ToolError as error:
            return f"error: {error}"
