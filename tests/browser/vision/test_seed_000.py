"""Seed 000's examples run on `alcove.js` with only their import lines changed, through the fake camera."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from browsers import FIXTURES, ROOT, open_own_page, visitor
from eyes import kill_engine
from hub import Hub
from playwright.sync_api import Browser, Page
from vision_models import write_pair
from waiting import wait_until

from build_steps.serve import SiteServer

_SEED = (FIXTURES / "seed_000_vision.md").read_text()
_REPO = "runanywhere/LFM2-VL-450M-GGUF"


def example(title: str, url: str) -> str:
    """The example below `title` in JavaScript, importing from `url`; Vite's URL of a worker is plain."""
    section = _SEED.split(f"## {title}\n")[1]
    code = section.split("```")[1].split("\n", 1)[1]
    code = re.sub(r"from '@runanywhere/[a-z-]+'", f"from '{url}'", code)
    code = re.sub(r"import (\w+) from '\./workers/.*", r"const \1 = './vlm-worker.js'", code)
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--loader=ts", "--format=esm", "--target=es2022"]
    done = subprocess.run(list(map(str, esbuild)), input=code, capture_output=True, text=True, check=True)
    return done.stdout


def run(page: Page, title: str, change: tuple[str, str] = ("", "")) -> None:
    """Runs an example as a module of the page, to its end."""
    code = example(title, page.evaluate("location.origin + '/alcove.js'"))
    assert change[0] in code
    page.evaluate(
        """async (code) => {
            const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
            await import(url);
        }""",
        code.replace(*change) if change[0] else code,
    )


@pytest.fixture(scope="module")
def page(red_camera: Browser, site: SiteServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page whose Alcove takes models from a mirror that has a small pair under LFM2's names."""
    model, projector = write_pair(tmp_path_factory.mktemp("models"), "lfm2")
    with Hub() as hub:
        hub.files[f"{_REPO}/LFM2-VL-450M-Q4_0.gguf"] = model.read_bytes()
        hub.files[f"{_REPO}/mmproj-LFM2-VL-450M-Q8_0.gguf"] = projector.read_bytes()
        context = visitor(red_camera)
        page = context.new_page()
        page.on("pageerror", lambda error: print(f"page error: {error}"))
        # The site's policy allows no scripts from blobs, and the examples are run as such.
        open_own_page(page, site, "<p id=description></p>")
        page.evaluate(
            """async ({ url, mirror }) => {
                window.A = await import(url);
                window.failures = [];
                addEventListener("unhandledrejection", ({ reason }) => failures.push(String(reason)));
                window.logged = [];
                const log = console.log;
                console.log = (...said) => { logged.push(said.join(" ")); log(...said); };
                await A.openAlcove({ mirror });
            }""",
            {"url": site.url + "alcove.js", "mirror": hub.url},
        )
        yield page
        context.close()


def test_basic_usage(page: Page) -> None:
    """The model is known without being registered: it is on Alcove's list of hub models."""
    assert page.evaluate("A.VLMWorkerBridge.shared.isModelLoaded") is False
    run(page, "Basic Usage")
    assert page.evaluate("A.VLMWorkerBridge.shared.isModelLoaded") is True
    assert page.evaluate("A.ModelManager.getLoadedModelId()") == "lfm2-vl-450m-q4_0"
    [text] = page.evaluate("logged")
    assert text
    assert page.evaluate("failures") == []


def test_setup_and_registering(page: Page) -> None:
    run(page, "Worker Setup")
    run(page, "Registering VLM Models")
    state = page.evaluate(
        """() => [A.RunAnywhere.isInitialized, A.RunAnywhere.environment, A.LlamaCPP.isRegistered,
             A.VLMWorkerBridge.shared.workerUrl]"""
    )
    assert state == [True, "development", True, "./vlm-worker.js"]
    assert page.evaluate("A.ModelManager.loadModel('lfm2-vl-450m-q4_0')") is True


def test_live_camera_streaming_also_over_a_crash(page: Page) -> None:
    """The example stops at its end; here the test says when that is."""
    page.evaluate("() => { window.seen = new Promise((resolve) => { window.enough = resolve; }); }")
    page.evaluate(
        """() => {
            window.texts = [];
            const out = document.getElementById("description");
            new MutationObserver(() => texts.push(out.textContent)).observe(out, { childList: true });
            const process = A.VLMWorkerBridge.shared.process.bind(A.VLMWorkerBridge.shared);
            window.crashes = [];
            A.VLMWorkerBridge.shared.process = async (...args) => {
              window.looking = true;
              try { return await process(...args); }
              catch (error) { crashes.push([error.code, error.message]); throw error; }
              finally { window.looking = false; }
            };
        }"""
    )
    code = example("Live Camera Streaming", page.evaluate("location.origin + '/alcove.js'"))
    code = code.replace("clearInterval(interval);", "await window.seen;\nclearInterval(interval);")
    page.evaluate(
        """(code) => {
            const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
            window.done = import(url).then(() => true);
        }""",
        code,
    )
    wait_until(page, "texts.length > 0")
    for _ in range(20):  # a look may end before its engine does
        wait_until(page, "looking")
        seen = page.evaluate("texts.length")
        kill_engine(page)
        wait_until(page, f"crashes.length > 0 || texts.length > {seen} + 1")
        if page.evaluate("crashes.length"):
            break
    assert page.evaluate("crashes.length") > 0
    seen = page.evaluate("texts.length")
    wait_until(page, f"texts.length > {seen}")
    page.evaluate("enough()")
    assert page.evaluate("done") is True
    for code, message in page.evaluate("crashes"):
        assert code == "engine-crashed"
        assert "RuntimeError" in message, "the example takes this for the end"
    assert page.evaluate("failures") == []


def test_the_result_has_all_of_its_fields(page: Page) -> None:
    result = page.evaluate(
        """() => A.VLMWorkerBridge.shared.process(new Uint8Array(64 * 64 * 3).fill(99), 64, 64, "What?",
             { maxTokens: 6, temperature: 0, topP: 0.9, systemPrompt: "Be brief." })"""
    )
    numbers = {
        *("promptTokens", "imageTokens", "completionTokens", "totalTokens"),
        *("timeToFirstTokenMs", "imageEncodeTimeMs", "totalTimeMs", "tokensPerSecond"),
    }
    assert set(result) == {"text", "hardwareUsed", *numbers}
    assert result["hardwareUsed"] == "cpu"
    assert result["completionTokens"] <= 6
    assert all(result[name] > 0 for name in numbers)


def test_the_system_prompt_counts_here(page: Page) -> None:
    tokens = page.evaluate(
        """async () => {
            const ask = async (options) => (await A.VLMWorkerBridge.shared.process(new Uint8Array(48), 4, 4,
              "What?", { maxTokens: 2, ...options })).promptTokens;
            return [await ask({}), await ask({ systemPrompt: "One word only. ".repeat(9) })];
        }"""
    )
    assert tokens[1] > tokens[0] + 50


def test_cancel_unload_and_terminate(page: Page) -> None:
    got = page.evaluate(
        """async () => {
            const vlm = A.VLMWorkerBridge.shared;
            const pixels = new Uint8Array(64 * 64 * 3);
            const long = () => vlm.process(pixels, 64, 64, "What?", { maxTokens: 500, temperature: 0 });
            const whole = await long();
            const midst = (go) => setTimeout(go, whole.totalTimeMs / 3);
            const running = long();
            midst(() => vlm.cancel());
            const cut = (await running).completionTokens;
            await vlm.unloadModel();
            const codes = [vlm.isModelLoaded];
            codes.push((await vlm.process(pixels, 64, 64, "What?").catch((error) => error)).code);
            await vlm.loadModel({ modelId: "lfm2-vl-450m-q4_0" });
            const lost = long().catch((error) => error);
            await new Promise(midst);
            vlm.terminate();
            codes.push((await lost).code, vlm.isInitialized, vlm.isModelLoaded);
            await A.ModelManager.loadModel("lfm2-vl-450m-q4_0");
            const { completionTokens } = await vlm.process(pixels, 64, 64, "What?", { maxTokens: 2 });
            return { whole: whole.completionTokens, cut, codes, again: completionTokens > 0 };
        }"""
    )
    assert got["cut"] < got["whole"]
    assert got["codes"] == [False, "model-not-found", "cancelled", False, False]
    assert got["again"] is True


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("{ framework: A.LLMFramework.ONNX, repo: 'a/b', files: ['x.onnx'] }", "unsupported"),
        ("{ modality: A.ModelCategory.SpeechRecognition, url: 'https://example.org/x' }", "unsupported"),
        ("{ modality: A.ModelCategory.Multimodal, repo: 'a/b', files: ['only-one.gguf'] }", "bad-request"),
        ("{ }", "bad-request"),
    ],
)
def test_what_cannot_be_registered_is_refused(page: Page, model: str, code: str) -> None:
    said = page.evaluate(
        f"""() => {{
            const model = {{ id: "x", name: "X", framework: A.LLMFramework.LlamaCpp, ...{model} }};
            try {{ A.RunAnywhere.registerModels([model]); }} catch (error) {{ return error.code; }}
            return "taken";
        }}"""
    )
    assert said == code
