/**
 * What WebLLM's list does not say of its models: readable names, sizes, licences and what they are good for.
 *
 * Parameters are in thousands of millions, from the models' cards, without parts that the text engine does
 * not load. Licences are those of the model cards; a fine-tune of a Llama or Gemma model stays under that
 * model's terms, so those are named. "unknown" means that we could not find it out for sure.
 */

const APACHE = "Apache-2.0";
const GEMMA = "Gemma Terms of Use";
const LLAMA_2 = "Llama 2 Community License";
const LLAMA_3 = "Llama 3 Community License";
const LLAMA_31 = "Llama 3.1 Community License";
const LLAMA_32 = "Llama 3.2 Community License";
const QWEN_RESEARCH = "Qwen Research License";
const TONGUES = ["general", "multilingual"];

const family = (id, license, models, goodFor = ["general"]) =>
  Object.entries(models).map(([model, [name, parameters, own = {}]]) => ({
    model,
    family: id,
    name,
    parameters,
    license,
    goodFor,
    ...own,
  }));

/** Every base model of the list: `model` is WebLLM's id up to the quantisation. */
export const MODELS = [
  ...family(
    "llama-3.2",
    LLAMA_32,
    { "Llama-3.2-1B-Instruct": ["Llama 3.2 1B", 1.236], "Llama-3.2-3B-Instruct": ["Llama 3.2 3B", 3.213] },
    TONGUES,
  ),
  ...family(
    "llama-3.1",
    LLAMA_31,
    { "Llama-3.1-8B-Instruct": ["Llama 3.1 8B", 8.03], "Llama-3.1-70B-Instruct": ["Llama 3.1 70B", 70.55] },
    TONGUES,
  ),
  ...family("llama-3", LLAMA_3, {
    "Llama-3-8B-Instruct": ["Llama 3 8B", 8.03],
    "Llama-3-70B-Instruct": ["Llama 3 70B", 70.55],
  }),
  ...family("llama-2", LLAMA_2, {
    "Llama-2-7b-chat-hf": ["Llama 2 7B Chat", 6.738],
    "Llama-2-13b-chat-hf": ["Llama 2 13B Chat", 13.016],
  }),
  ...family("tinyllama", APACHE, {
    "TinyLlama-1.1B-Chat-v1.0": ["TinyLlama 1.1B Chat 1.0", 1.1],
    "TinyLlama-1.1B-Chat-v0.4": ["TinyLlama 1.1B Chat 0.4", 1.1],
  }),
  ...family("deepseek-r1", "MIT", {
    "DeepSeek-R1-Distill-Qwen-7B": ["DeepSeek R1 Distill Qwen 7B", 7.616],
    "DeepSeek-R1-Distill-Llama-8B": [
      "DeepSeek R1 Distill Llama 8B",
      8.03,
      { license: `MIT; ${LLAMA_31}` },
    ],
  }),
  ...family("hermes", LLAMA_3, {
    "Hermes-2-Theta-Llama-3-8B": ["Hermes 2 Theta 8B", 8.03],
    "Hermes-2-Pro-Llama-3-8B": ["Hermes 2 Pro 8B", 8.03],
    "Hermes-3-Llama-3.2-3B": ["Hermes 3 3B", 3.213, { license: LLAMA_32 }],
    "Hermes-3-Llama-3.1-8B": ["Hermes 3 8B", 8.03, { license: LLAMA_31 }],
    "Hermes-2-Pro-Mistral-7B": ["Hermes 2 Pro Mistral 7B", 7.242, { license: APACHE }],
    "OpenHermes-2.5-Mistral-7B": ["OpenHermes 2.5 7B", 7.242, { license: APACHE }],
    "NeuralHermes-2.5-Mistral-7B": ["NeuralHermes 2.5 7B", 7.242, { license: APACHE }],
  }),
  ...family("phi", "MIT", {
    "Phi-3.5-mini-instruct": ["Phi 3.5 mini", 3.821, { goodFor: TONGUES }],
    "Phi-3.5-vision-instruct": ["Phi 3.5 vision", 4.147],
    "Phi-4-mini-instruct": ["Phi 4 mini", 3.836, { goodFor: TONGUES }],
    "Phi-3-mini-4k-instruct": ["Phi 3 mini 4k", 3.821],
    // Neither was tuned for conversations.
    "phi-2": ["Phi 2", 2.78, { goodFor: [] }],
    "phi-1_5": ["Phi 1.5", 1.418, { goodFor: [] }],
  }),
  ...family("mistral", APACHE, {
    "Mistral-7B-Instruct-v0.3": ["Mistral 7B 0.3", 7.248],
    "Mistral-7B-Instruct-v0.2": ["Mistral 7B 0.2", 7.242],
    "WizardMath-7B-V1.1": ["WizardMath 7B 1.1", 7.242, { license: "unknown", goodFor: ["maths"] }],
  }),
  ...family(
    "ministral-3",
    APACHE,
    {
      "Ministral-3-3B-Instruct-2512-BF16": ["Ministral 3 3B", 3.43],
      "Ministral-3-3B-Reasoning-2512": ["Ministral 3 3B Reasoning", 3.43],
      "Ministral-3-3B-Base-2512": ["Ministral 3 3B Base", 3.43, { goodFor: [] }],
    },
    TONGUES,
  ),
  ...family("smollm2", APACHE, {
    "SmolLM2-1.7B-Instruct": ["SmolLM2 1.7B", 1.711],
    "SmolLM2-360M-Instruct": ["SmolLM2 360M", 0.362],
    "SmolLM2-135M-Instruct": ["SmolLM2 135M", 0.135],
  }),
  ...family("gemma", GEMMA, {
    "gemma-4-E2B-it": ["Gemma 4 E2B", 5.1, { license: APACHE, goodFor: TONGUES }],
    "gemma3-1b-it": ["Gemma 3 1B", 1.0],
    "gemma-2-2b-it": ["Gemma 2 2B", 2.614],
    "gemma-2-9b-it": ["Gemma 2 9B", 9.242],
    "gemma-2-2b-jpn-it": ["Gemma 2 2B Japanese", 2.614, { goodFor: TONGUES }],
    "gemma-2b-it": ["Gemma 2B", 2.506],
  }),
  ...family("olmo-2", APACHE, {
    "OLMo-2-1124-7B-Instruct": ["OLMo 2 7B", 7.299],
    "OLMo-2-0425-1B-Instruct": ["OLMo 2 1B", 1.485],
  }),
  ...family(
    "qwen3.5",
    APACHE,
    {
      "Qwen3.5-0.8B": ["Qwen3.5 0.8B", 0.75],
      "Qwen3.5-2B": ["Qwen3.5 2B", 1.88],
      "Qwen3.5-4B": ["Qwen3.5 4B", 4.2],
      "Qwen3.5-9B": ["Qwen3.5 9B", 8.95],
    },
    TONGUES,
  ),
  ...family(
    "qwen3",
    APACHE,
    {
      "Qwen3-0.6B": ["Qwen3 0.6B", 0.596],
      "Qwen3-1.7B": ["Qwen3 1.7B", 1.721],
      "Qwen3-4B": ["Qwen3 4B", 4.022],
      "Qwen3-8B": ["Qwen3 8B", 8.191],
    },
    TONGUES,
  ),
  ...family(
    "qwen2.5",
    APACHE,
    {
      "Qwen2.5-0.5B-Instruct": ["Qwen2.5 0.5B", 0.494],
      "Qwen2.5-1.5B-Instruct": ["Qwen2.5 1.5B", 1.544],
      "Qwen2.5-3B-Instruct": ["Qwen2.5 3B", 3.086, { license: QWEN_RESEARCH }],
      "Qwen2.5-7B-Instruct": ["Qwen2.5 7B", 7.616],
    },
    TONGUES,
  ),
  ...family(
    "qwen2.5-coder",
    APACHE,
    {
      "Qwen2.5-Coder-0.5B-Instruct": ["Qwen2.5 Coder 0.5B", 0.494],
      "Qwen2.5-Coder-1.5B-Instruct": ["Qwen2.5 Coder 1.5B", 1.544],
      "Qwen2.5-Coder-3B-Instruct": ["Qwen2.5 Coder 3B", 3.086, { license: QWEN_RESEARCH }],
      "Qwen2.5-Coder-7B-Instruct": ["Qwen2.5 Coder 7B", 7.616],
    },
    ["coding"],
  ),
  ...family(
    "qwen-math",
    APACHE,
    {
      "Qwen2.5-Math-1.5B-Instruct": ["Qwen2.5 Math 1.5B", 1.544],
      "Qwen2-Math-1.5B-Instruct": ["Qwen2 Math 1.5B", 1.544],
      "Qwen2-Math-7B-Instruct": ["Qwen2 Math 7B", 7.616],
    },
    ["maths"],
  ),
  ...family(
    "qwen2",
    APACHE,
    {
      "Qwen2-0.5B-Instruct": ["Qwen2 0.5B", 0.494],
      "Qwen2-1.5B-Instruct": ["Qwen2 1.5B", 1.544],
      "Qwen2-7B-Instruct": ["Qwen2 7B", 7.616],
    },
    TONGUES,
  ),
  ...family("stablelm-2", "unknown", { "stablelm-2-zephyr-1_6b": ["StableLM 2 Zephyr 1.6B", 1.645] }),
  ...family("redpajama", APACHE, { "RedPajama-INCITE-Chat-3B-v1": ["RedPajama INCITE Chat 3B", 2.776] }),
  ...family(
    "embedding",
    APACHE,
    {
      "snowflake-arctic-embed-m": ["Snowflake Arctic Embed M", 0.109],
      "snowflake-arctic-embed-s": ["Snowflake Arctic Embed S", 0.033],
    },
    ["embedding"],
  ),
];
