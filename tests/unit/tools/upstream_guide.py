"""The tool that the guide of upstream's repository writes: keywords, and a spec instead of a schema."""

CALCULATOR = """
class CalculatorTool(Tool):
    @property
    def name(self) -> str:
        return "calculator"

    def get_spec(self) -> ToolSpec:
        return ToolSpec(
            name="calculator",
            description="Evaluate math expressions",
            parameters={
                "type": "object",
                "properties": {"expression": {"type": "string", "description": "Math expression"}},
                "required": ["expression"],
            },
        )

    async def execute(self, **kwargs) -> ToolResult:
        try:
            return ToolResult(success=True, output=str(eval(kwargs.get("expression", ""))))
        except Exception as e:
            return ToolResult(success=False, output=str(e))

session.register_tool(CalculatorTool())
"""
