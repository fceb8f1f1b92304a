"""
Seed 001's examples run on `alcove.js` with only their import lines changed; the files that they name are
served. What came of each stands as a table in docs/api.md: `ALCOVE_WRITE_DOCS=1` writes it anew.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from browsers import FIXTURES, ROOT, copy_site, open_own_page, visitor
from embedding_models import write_encoder
from playwright.sync_api import Browser, Page
from vision_models import write_pair

from build_steps import models
from build_steps.serve import SiteServer

_SEED = (FIXTURES / "seed_001_runanywhere.md").read_text()
_API = ROOT / "docs" / "api.md"
_TABLE = re.compile(r"(?<=<!-- seed 001, block by block -->\n).*?(?=<!-- end -->)", re.DOTALL)
# In this order: an error is caught before anything is initialized, and events are heard of the model's load.
_BLOCKS = (
    "Error Handling",
    "Logging",
    "Events",
    "Initialize the SDK",
    "SDK Initialization",
    "Browser Requirements",
    "Text Generation (LLM)",
    "Vision Language Model (VLM)",
)
# What an example takes as given: names without a declaration, and Node's standard output.
_GIVEN = """
    window.A = await import("/alcove.js");
    Object.assign(window, { TextGeneration: A.TextGeneration, RunAnywhere: A.RunAnywhere });
    window.pixelData = new Uint8Array(256 * 256 * 3).fill(120);
    window.said = [];
    window.process = { stdout: { write: (text) => said.push(text) } };
    for (const name of ["log", "error"]) {
      const before = console[name];
      console[name] = (...words) => { said.push(words.join(" ")); before(...words); };
    }
    window.failures = [];
    addEventListener("unhandledrejection", ({ reason }) => failures.push(String(reason)));
"""


def block(title: str) -> str:
    """The example below `title` in JavaScript, importing from Alcove."""
    code = _SEED.split(f"## {title}\n")[1].split("```")[1].split("\n", 1)[1]
    code = code.replace("from '@runanywhere/web'", "from '__ALCOVE__'")
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--loader=ts", "--format=esm", "--target=es2022"]
    done = subprocess.run(list(map(str, esbuild)), input=code, capture_output=True, text=True, check=True)
    return done.stdout


def run(page: Page, title: str) -> list[str]:
    """Runs an example as a module of the page, to its end; what it said."""
    return page.evaluate(
        """async (code) => {
            said.length = 0;
            const whole = code.replace("__ALCOVE__", location.origin + "/alcove.js");
            await import(URL.createObjectURL(new Blob([whole], { type: "text/javascript" })));
            return said;
        }""",
        block(title),
    )


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A developer's page on a site that has the files which the examples name."""
    folder = tmp_path_factory.mktemp("seed")
    site = copy_site(folder)
    served = site / "models"
    chat = next(model for model in models.catalogue() if model["id"] == "smollm2-135m-instruct")
    os.link(models.model_file(chat, 0), served / "qwen2.5-0.5b-instruct-q4_0.gguf")
    pair = write_pair(folder, "qwen2-vl")
    for path, name in zip(pair, ("qwen2-vl.gguf", "mmproj.gguf"), strict=True):
        os.link(path, served / name)
    os.link(write_encoder(folder / "encoder.gguf"), served / "embed.gguf")
    with SiteServer(site, port=0) as server:
        context = visitor(browser)
        page = context.new_page()
        page.on("pageerror", lambda error: print(f"page error: {error}"))
        # The site's policy allows no scripts from blobs, and the examples are run as such.
        open_own_page(page, server)
        page.evaluate(f"async () => {{ {_GIVEN} }}")
        yield page
        context.close()


def test_each_block_runs_and_the_docs_say_so(page: Page) -> None:
    said = {title: run(page, title) for title in _BLOCKS}
    assert said["Error Handling"] == ["SDK not initialized"]
    assert page.evaluate("[A.SDKLogger.level, A.SDKLogger.enabled]") == [1, True]
    assert page.evaluate("[A.RunAnywhere.isInitialized, A.RunAnywhere.environment]") == [True, "development"]
    assert "Cross-Origin Isolated: true" in said["Browser Requirements"]
    assert "SharedArrayBuffer: true" in said["Browser Requirements"]
    generated = said["Text Generation (LLM)"]
    heard = [line for line in generated if line.startswith(("Download: ", "Model loaded: "))]
    assert heard[0].startswith("Download: ")
    assert "Model loaded: qwen2.5-0.5b" in heard
    answer, *haiku = [line for line in generated if line not in heard and not line.startswith("[")]
    assert len(answer) > 20
    assert len(haiku) > 1, "piece by piece, however fast they come"
    assert [line for line in said["Vision Language Model (VLM)"] if line]
    assert page.evaluate("failures") == []
    _docs([f"| {title} | runs |" for title in sorted(_BLOCKS, key=_SEED.index)])


def _docs(rows: list[str]) -> None:
    table = "\n".join(["", "| block of seed 001 | |", "|---|---|", *rows, "", ""])
    text = _API.read_text()
    if os.environ.get("ALCOVE_WRITE_DOCS"):
        _API.write_text(_TABLE.sub(lambda _: table, text))
        return
    found = _TABLE.search(text)
    assert found, "docs/api.md has no place for the table"
    assert found[0] == table, "run this test with ALCOVE_WRITE_DOCS=1"


def ask(page: Page, code: str) -> Any:
    """What an async function body gives; an error is its code."""
    return page.evaluate(
        f"""async () => {{
            const {{ TextGeneration, ToolCalling, StructuredOutput, Embeddings, ModelManager }} = A;
            try {{ {code} }} catch (error) {{ return error.code; }}
        }}"""
    )


def test_a_generation_tells_all_of_its_figures(page: Page) -> None:
    result = ask(
        page, "return TextGeneration.generate('Hi', { maxTokens: 8, topK: 1, systemPrompt: 'Be brief.' });"
    )
    numbers = {
        "inputTokens",
        "tokensUsed",
        "latencyMs",
        "tokensPerSecond",
        "timeToFirstTokenMs",
        "responseTokens",
    }
    assert all(result[name] > 0 for name in numbers)
    assert result["tokensUsed"] <= 8
    words = {"text", "modelUsed", "framework", "hardwareUsed", "thinkingTokens"}
    assert set(result) == words | numbers
    facts = [result[name] for name in ("modelUsed", "framework", "hardwareUsed", "thinkingTokens")]
    assert facts == ["qwen2.5-0.5b", "LlamaCpp", "cpu", 0]


def test_a_stream_is_awaited_too_and_cancelled_at_each_stage(page: Page) -> None:
    got = ask(
        page,
        """
        const long = { maxTokens: 200 };
        const { stream, result, cancel } = await TextGeneration.generateStream("Count.", long);
        const waiting = TextGeneration.generateStream("Later.", long);
        for await (const piece of stream) { waiting.cancel(); cancel(); }
        const cut = await result;
        const late = await waiting.result.catch(({ code }) => code);
        for await (const piece of TextGeneration.generateStream("Count.", long)) break;
        const again = await TextGeneration.generate("Hi", { maxTokens: 2 });
        return [cut.text.length > 0, cut.tokensUsed < 200, late, again.tokensUsed];
        """,
    )
    assert got == [True, True, -131, 2]


def test_two_generations_take_turns(page: Page) -> None:
    texts = ask(
        page,
        """
        const options = { maxTokens: 6, temperature: 0 };
        const ask = () => TextGeneration.generate("The capital of France is", options);
        return (await Promise.all([ask(), ask()])).map(({ text }) => text);
        """,
    )
    assert texts[0] == texts[1] != ""


def test_a_tool_is_called_and_its_result_is_told(page: Page) -> None:
    got = ask(
        page,
        """
        const seen = [];
        ToolCalling.registerTool(
          { name: "get_weather", description: "The weather of a city, now.",
            parameters: [
              { name: "city", type: "string", description: "Its name", enumValues: ["Oslo", "Rome"] }] },
          async (args) => { seen.push(A.getStringArg(args, "city")); return { sky: "clear" }; });
        const options = { maxTokens: 60, temperature: 0, systemPrompt: "You call get_weather." };
        const first = await ToolCalling.generateWithTools("What is the weather in Rome? Call get_weather.",
          { ...options, autoExecute: false });
        const [call] = first.toolCalls;
        const result = await ToolCalling.executeTool(call);
        const asked = "The weather in Rome?";
        const last = await ToolCalling.continueWithToolResult(asked, call, result, options);
        const lost = await ToolCalling.executeTool({ toolName: "none", arguments: {} });
        ToolCalling.clearTools();
        return { seen, first, last, result, lost, left: ToolCalling.getRegisteredTools().length };
        """,
    )
    assert got["first"]["isComplete"] is False
    assert got["seen"][0] in {"Oslo", "Rome"}, "the schema holds it"
    assert got["result"]["result"] == {"sky": {"type": "string", "value": "clear"}}
    assert got["last"]["isComplete"] is True
    assert got["last"]["text"]
    assert got["lost"]["success"] is False
    assert got["left"] == 0


def test_a_generation_is_held_to_a_schema(page: Page) -> None:
    got = ask(
        page,
        """
        const jsonSchema = JSON.stringify({ type: "object", required: ["colour"], additionalProperties: false,
          properties: { colour: { enum: ["red", "green"] } } });
        const options = { maxTokens: 40 };
        const held = await StructuredOutput.generate("The colour of grass?", { jsonSchema }, options);
        const wrong = StructuredOutput.validate('So: {"colour": "blue"}!', { jsonSchema });
        return [held.isValid, JSON.parse(held.extractedJson).colour, wrong.isValid, wrong.extractedJson];
        """,
    )
    assert got[0] is True
    assert got[1] in {"red", "green"}
    assert got[2:] == [False, '{"colour": "blue"}']


def test_embeddings_are_pooled_and_normalised_as_asked(page: Page) -> None:
    got = ask(
        page,
        """
        await Embeddings.loadModel("/models/embed.gguf", "encoder");
        const texts = ["the capital of france", "hello there"];
        const plain = await Embeddings.embedBatch(texts);
        const mean = await Embeddings.embed(texts[0], { pooling: A.EmbeddingsPooling.Mean });
        const first = await Embeddings.embed(texts[0], { pooling: A.EmbeddingsPooling.CLS });
        const [a, b] = plain.embeddings.map(({ data }) => data);
        const like = Embeddings.cosineSimilarity;
        return { same: like(a, mean.embeddings[0].data), other: like(a, first.embeddings[0].data),
          two: like(a, b), length: Math.hypot(...a), dimension: plain.dimension, tokens: plain.totalTokens,
          code: await Embeddings.embed("").catch(({ code }) => code) };
        """,
    )
    assert got["same"] == pytest.approx(1, abs=1e-4)
    assert got["other"] < 0.999
    assert -1 <= got["two"] < 0.9999
    assert got["length"] == pytest.approx(1, abs=1e-3)
    assert got["dimension"] == 96
    assert got["tokens"] > 4
    assert got["code"] == -220


def test_models_are_listed_loaded_freed_and_deleted(page: Page) -> None:
    got = ask(
        page,
        """
        const { Language, Multimodal } = A.ModelCategory;
        const status = () => ModelManager.getModels().find(({ id }) => id === "qwen2-vl").status;
        const told = [];
        const end = ModelManager.onChange((models) => told.push(models.length));
        const both = [await ModelManager.loadModel("qwen2-vl", { coexist: true }), status(),
          ModelManager.areAllLoaded([Language, Multimodal])];
        await ModelManager.loadModel("qwen2-vl");
        const alone = [TextGeneration.isModelLoaded, ModelManager.getLoadedModelId(Multimodal)];
        const fit = await ModelManager.checkDownloadFit("qwen2-vl");
        const info = await ModelManager.getStorageInfo();
        await ModelManager.deleteModel("qwen2-vl");
        const gone = [status(), ModelManager.getLoadedModel(Multimodal)];
        gone.push(await ModelManager.ensureLoaded(Multimodal));
        end();
        const again = (await ModelManager.ensureLoaded(Language)).id;
        const { modelCount: count, totalSize: size } = info;
        return { both, alone, fit: fit.fits, count, size, gone, again, told: told.length };
        """,
    )
    assert got["both"] == [True, "loaded", True]
    assert got["alone"] == [False, "qwen2-vl"]
    assert got["fit"] is True
    assert got["count"] >= 2
    assert got["size"] > 98_000_000
    assert got["gone"] == ["registered", None, None]
    assert got["again"] == "qwen2.5-0.5b"
    assert got["told"] > 4


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("await ModelManager.loadModel('nobody')", -110),
        ("await TextGeneration.loadModel('/models/none.gguf', 'none')", -160),
        ("await TextGeneration.loadModel('', 'none')", -220),
        ("await TextGeneration.loadModelFromData(new Uint8Array(9), 'nothing')", -112),
        ("await TextGeneration.generate('')", -133),
        ("await TextGeneration.generate('Hi', { temperature: 'hot' })", -220),
        ("await TextGeneration.generate('word '.repeat(9000))", -134),
        ("await A.VLM.process({ format: A.VLMImageFormat.Base64 }, 'What?')", -220),
        ("await A.VLM.process({ format: 0, filePath: '/none.png' }, 'What?')", -182),
        ("await A.Diffusion.generate({ prompt: 'A heron' })", -600),
        ("StructuredOutput.getSystemPrompt('{')", -220),
        ("ToolCalling.registerTool({ name: 'a b', parameters: [] }, () => ({}))", -220),
        ("await new A.OPFSStorage().listModels()", -180),
    ],
)
def test_what_cannot_be_done_says_so(page: Page, code: str, wanted: int) -> None:
    found = page.evaluate(
        f"""async () => {{
            const {{ TextGeneration, ToolCalling, StructuredOutput, ModelManager }} = A;
            try {{ {code}; }}
            catch (error) {{ return [error instanceof A.SDKError, error.code]; }}
        }}"""
    )
    assert found == [True, wanted]


def test_files_of_the_page_lie_apart(page: Page) -> None:
    got = ask(
        page,
        """
        const storage = new A.OPFSStorage();
        if (!await storage.initialize()) return "none";
        await storage.saveModel("a/../b.gguf", Uint8Array.of(1, 2, 3));
        const failing = new ReadableStream({ pull: (c) => c.error(new Error("cut")) });
        const code = await storage.saveModelFromStream("a/../b.gguf", failing).catch(({ code }) => code);
        const listed = (await storage.listModels()).map(({ id, sizeBytes }) => [id, sizeBytes]);
        const bytes = [...new Uint8Array(await storage.loadModel("a/../b.gguf"))];
        await storage.saveMetadata({ x: { lastUsedAt: 1, sizeBytes: 2 } });
        await storage.deleteModel("nothing");
        await storage.clearAll();
        const here = await storage.listModels();
        const [none, meta] = [await storage.loadModel("x"), await storage.loadMetadata()];
        return { code, listed, bytes, here, none, meta };
        """,
    )
    assert got == {
        "code": -183,
        "listed": [["a/../b.gguf", 3]],
        "bytes": [1, 2, 3],
        "here": [],
        "none": None,
        "meta": {},
    }


def test_a_clients_own_fetch_is_answered(page: Page) -> None:
    """As OpenAI's library asks, with the model that the seed loaded."""
    got = ask(
        page,
        """
        const alcove = await A.openAlcove();
        const post = (path, body) => alcove.openai.fetch("https://nobody.invalid/v1" + path,
          { method: "POST", body: JSON.stringify(body) });
        const messages = [{ role: "user", content: "Hi" }];
        const plain = await (await post("/chat/completions", { messages, max_tokens: 4 })).json();
        const stream = await post("/chat/completions", { messages, max_tokens: 4, stream: true });
        const streamed = await stream.text();
        const wrong = await post("/chat/completions", { messages, model: "nobody" });
        const models = await (await alcove.openai.fetch("/v1/models")).json();
        await alcove.close();
        const late = await alcove.complete({ messages }).catch(({ code }) => code);
        return { tokens: plain.usage.completion_tokens, end: streamed.trim().endsWith("data: [DONE]"),
          status: wrong.status, models: models.data.map(({ id }) => id), late };
        """,
    )
    assert got["tokens"] <= 4
    assert got["end"] is True
    assert got["status"] == 404
    assert "smollm2-135m-instruct" in got["models"]
    assert got["late"] == "cancelled"


def test_the_end(page: Page) -> None:
    got = ask(
        page,
        """
        A.RunAnywhere.reset();
        const code = await TextGeneration.generate("Hi").catch(({ code }) => code);
        return [code, A.RunAnywhere.isInitialized, A.RunAnywhere.availableModels(), failures];
        """,
    )
    assert got == [-100, False, [], []]
